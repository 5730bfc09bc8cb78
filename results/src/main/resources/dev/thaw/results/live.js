'use strict';
(() => {
  const {css, ms, plain, axis, line, logScale, logAxis, stacked} = plots;
  const KEPT_POINTS = 300;
  const LOST_MS = 3000;
  const RECONNECT_MS = 5000;
  const HEADLINE_MS = 10000;
  const NEEDED = {p90: 10, p99: 100, p999: 1000};
  const byId = id => document.getElementById(id);
  const count = v => v.toLocaleString('en');
  const split = text => { const at = text.lastIndexOf(' '); return [text.slice(0, at), text.slice(at + 1)]; };
  const forms = {
    us: v => split(ms(v / 1000)),
    count: v => [v < 0 ? 'unknown' : count(v), ''],
    rate: v => [v >= 100 ? count(Math.round(v)) : plain(v), ''],
    seconds: v => [v < 10 ? v.toFixed(1) : count(Math.round(v)), 's'],
    cpus: v => [v < 0 ? 'unknown' : v.toFixed(2), ''],
  };

  /** A figure with its exact value beside it, as in a report; a dash that says why where there is none. */
  const show = (cell, value, form, why) => {
    if (value == null) {
      cell.innerHTML = '<span class="none">&ndash;</span>';
      cell.firstChild.title = why || 'no figure yet';
      return;
    }
    let data = cell.firstElementChild;
    if (!data || data.tagName !== 'DATA') {
      data = document.createElement('data');
      data.append('', Object.assign(document.createElement('span'), {className: 'unit'}));
      cell.replaceChildren(data);
    }
    const [text, unit] = forms[form](value);
    data.value = value;
    data.firstChild.nodeValue = text;
    data.lastChild.textContent = unit;
    data.lastChild.hidden = !unit;
  };

  const at = (event, path) => path.split('.').reduce((node, key) => node?.[key], event);
  const tooFew = (percentiles, key) => percentiles && NEEDED[key]
    ? key.replace('p999', 'p99.9') + ' needs ' + count(NEEDED[key]) + ' samples, here are ' + count(percentiles.count)
    : 'no sample yet';

  const bound = [...document.querySelectorAll('[data-path]')];
  const rows = id => [...document.querySelectorAll('#' + id + ' tbody tr')].map(row => {
    const cells = [...byId(id).tHead.rows[0].cells].slice(1).map(() => row.insertCell());
    return [row.dataset.key, cells];
  });
  const countRows = rows('counts');
  const tailRows = rows('tails');

  const figures = event => {
    bound.forEach(cell => {
      const path = cell.dataset.path;
      const cut = path.lastIndexOf('.');
      show(cell, at(event, path), cell.dataset.form, cell.dataset.none || tooFew(at(event, path.slice(0, cut)), path.slice(cut + 1)));
    });
    const {lastSecond: now, lastMinute: minute, sinceStart} = event;
    countRows.forEach(([key, cells]) => {
      show(cells[0], now && now[key] / now.seconds, 'rate');
      show(cells[1], minute && minute[key] / minute.seconds, 'rate');
      show(cells[2], minute?.[key], 'count');
      show(cells[3], sinceStart[key], 'count', 'counted only while this page is read');
      cells[2].classList.toggle('alarm', key === 'errors' && minute?.errors > 0);
    });
    tailRows.forEach(([key, cells]) => {
      const times = minute?.[key];
      show(cells[0], times?.count, 'count');
      ['mean', 'p50', 'p90', 'p99', 'p999', 'max'].forEach((each, i) => show(cells[i + 1], times?.[each], 'us', tooFew(times, each)));
    });
    sources(event.sources);
    hosts(event.hosts);
  };

  let shownSources = '[]';
  const sourceRow = ({source, functionArn, state, lastResult}) => {
    const row = document.createElement('tr');
    const head = Object.assign(document.createElement('th'), {scope: 'row', className: 'fold', textContent: source});
    row.append(head, ...[functionArn.replace(/^.*:function:/, ''), state, lastResult ?? '\u2013'].map(text =>
      Object.assign(document.createElement('td'), {className: 'text', textContent: text})));
    row.lastChild.classList.add('fold');
    row.lastChild.classList.toggle('alarm', !!lastResult?.startsWith('PROBLEM'));
    return row;
  };
  /** Touched only where something changed: who selects or reads in it is not disturbed. */
  const sources = all => {
    const text = JSON.stringify(all);
    if (text === shownSources) return;
    shownSources = text;
    byId('sources').hidden = !all.length;
    byId('sources').querySelector('tbody').replaceChildren(...all.map(sourceRow));
  };

  const share = (color, part, whole) => '<i style="background:var(' + color + ');width:' + (100 * part / whole).toFixed(2) + '%"></i>';
  const amount = v => Number.isInteger(v) ? count(v) : plain(v);
  const resource = (name, unit, all, held, idle) => {
    const busy = held - idle;
    return '<span>' + name + '</span><span class="bar" aria-hidden="true">' + share('--p-invoke', busy, all) + share('--p-initFunction', idle, all)
      + '</span><span class="total">' + amount(busy) + ' in use or promised, ' + amount(idle) + ' held by idle ones, of ' + amount(all) + ' ' + unit + '</span>';
  };
  const hosts = all => {
    byId('hosts').innerHTML = all.map(() => '<div class="card"><h3></h3><div class="bars"></div></div>').join('');
    all.forEach((host, i) => {
      const card = byId('hosts').children[i];
      card.firstChild.textContent = host.name;
      card.lastChild.innerHTML = resource('memory', 'MiB', host.memoryMib, host.heldMemoryMib, host.idleMemoryMib)
        + resource('CPU', 'vCPUs', host.vcpus, host.heldVcpus, host.idleVcpus);
    });
  };

  // --- plots of what came while the page was open

  const kept = [];
  const column = pick => kept.map(each => each && pick(each));
  /** A gap has a time of its own between its neighbours'. */
  const times = () => kept.map((each, i) => (each ? each.atEpochMs : kept[i - 1] ? kept[i - 1].atEpochMs + 500 : kept[i + 1].atEpochMs - 500) / 1000);
  const rate = key => column(each => each.lastSecond && each.lastSecond[key] / each.lastSecond.seconds);
  const answers = key => column(each => each.lastSecond && each.lastSecond.answerUs[key] && each.lastSecond.answerUs[key] / 1000);
  const clock = s => s == null ? '–' : new Date(s * 1000).toLocaleTimeString('en-GB');
  const timeAxis = () => axis('time of day', {space: 80, values: (u, splits) => splits.map(clock)});
  const time = {label: 'at', value: (u, v) => clock(v)};
  const fromZero = {range: (u, min, max) => [0, Math.max(max, 1) * 1.05]};
  const states = ['busy', 'idle', 'frozen', 'resetting', 'starting'];
  const colors = ['--p-invoke', '--p-initFunction', '--p-thaw', '--p-suppressedInit', '--p-create'];
  const top = states.map((_, i) => states.length - 1 - i);
  const number = {value: (u, v) => plain(v)};
  const duration = {value: (u, v) => ms(v)};
  const environments = () => states.map(state => column(each => each.environments[state]));
  const charts = {
    rates: {
      height: 230,
      columns: () => [times(), rate('invocations'), rate('errors'), rate('throttles')],
      options: () => ({
        scales: {y: fromZero}, axes: [timeAxis(), axis('a second', {size: 62})],
        series: [time, line('invocations', '--c1', number), line('errors', '--bad', number), line('throttles', '--c2', number)],
      }),
    },
    times: {
      height: 240,
      columns: () => [times(), answers('max'), answers('p99'), answers('p50')],
      options: () => ({
        scales: {y: logScale}, axes: [timeAxis(), logAxis()],
        series: [time, line('longest', '--c3', {...duration, width: 1}), line('p99', '--c2', duration), line('p50', '--c1', duration)],
      }),
    },
    fleet: {
      height: 240,
      columns: () => { const sums = stacked(environments()); return [times(), ...top.map(c => sums[c].map((v, i) => kept[i] ? v : null)), column(each => each.waiting)]; },
      options: () => ({
        scales: {y: fromZero}, axes: [timeAxis(), axis('environments', {size: 52})],
        series: [time, ...top.map(c => line(states[c], colors[c], {fill: css(colors[c]), width: 0.5, value: (u, v, si, i) => i == null ? '–' : plain(environments()[c][i])})),
          line('waiting', '--bad', number)],
      }),
    },
  };
  let drawn = [];
  const width = target => Math.max(target.clientWidth, 200);
  const draw = () => {
    drawn.forEach(each => each.plot.destroy());
    drawn = [...document.querySelectorAll('[data-chart]')].map(target => {
      const {height, options, columns} = charts[target.dataset.chart];
      return {target, height, columns, plot: new uPlot({width: width(target), height, cursor: {drag: {x: true, y: false}}, ...options()}, columns(), target)};
    });
  };
  const redraw = () => { if (!document.hidden) drawn.forEach(each => each.plot.setData(each.columns())); };
  const keep = event => {
    kept.push(event);
    if (kept.length > KEPT_POINTS) kept.shift();
    redraw();
  };

  // --- the connection

  let source = null;
  let arrivedMs = null;
  let openedMs = performance.now();
  let saidMs = -HEADLINE_MS;
  let state = '';
  let reconnect = 0;
  const url = location.href.split('#')[0];

  /** The only words that a screen reader hears unasked: where the state changes, and every ten seconds. */
  const say = (kind, word, text) => {
    const nowMs = performance.now();
    if (kind === state && (kind !== 'live' || nowMs - saidMs < HEADLINE_MS)) return;
    state = kind;
    saidMs = nowMs;
    byId('state').className = 'verdict ' + (kind === 'live' || kind === 'begun' ? 'good' : kind === 'lost' ? 'bad' : '');
    document.body.classList.toggle('stale', kind === 'lost' && arrivedMs != null);
    byId('word').textContent = word;
    byId('headline').textContent = text;
  };
  const headline = ({lastMinute: minute, waiting}) => 'Last ' + Math.round(minute.seconds) + ' s: invocations ' + count(minute.invocations)
    + ', errors ' + count(minute.errors) + ', throttles ' + count(minute.throttles) + ', p99 ' + ms(minute.answerUs.p99 == null ? null : minute.answerUs.p99 / 1000)
    + '. Now waiting: ' + count(waiting) + '.';
  const lost = why => {
    if (state === 'live' || state === 'begun') keep(null);
    say('lost', 'Connection lost.', (why || 'Trying again.') + (arrivedMs == null ? '' : ' The figures below are from before.'));
  };

  const onEvent = message => {
    const event = JSON.parse(message.data);
    arrivedMs = performance.now();
    figures(event);
    keep(event);
    if (event.lastMinute) say('live', 'Live.', headline(event));
    else say('begun', 'Live.', 'Recording begins now.');
    age();
  };
  /** What the server says to a request that it refuses; an EventSource does not tell. */
  const explain = async () => {
    const stop = new AbortController();
    try {
      const answer = await fetch(url, {headers: {accept: 'text/event-stream'}, signal: stop.signal});
      if (!answer.ok) {
        const body = await answer.json().catch(() => ({}));
        state = '';
        lost('The server refuses: ' + (body.Message || body.message || answer.status));
      }
    } catch (e) {
      // Not there: what was said already stands.
    } finally {
      stop.abort();
    }
  };
  const connect = () => {
    openedMs = performance.now();
    source = new EventSource(url);
    source.onmessage = onEvent;
    source.onerror = () => {
      lost();
      if (source.readyState === EventSource.CLOSED) {
        explain();
        clearTimeout(reconnect);
        reconnect = setTimeout(connect, RECONNECT_MS);
      }
    };
  };
  const age = () => {
    const nowMs = performance.now();
    const ageMs = arrivedMs == null ? null : nowMs - arrivedMs;
    byId('age').textContent = ageMs == null ? 'no figures yet' : 'figures are ' + (ageMs / 1000).toFixed(ageMs < LOST_MS ? 1 : 0) + ' s old';
    if (ageMs > LOST_MS) lost();
    const silentMs = nowMs - Math.max(openedMs, arrivedMs ?? 0);
    if (silentMs > 4 * LOST_MS && source.readyState !== EventSource.CLOSED) {
      source.close();
      connect();
    }
  };

  byId('where').textContent = location.host;
  document.title = 'thaw live: ' + location.host;
  draw();
  connect();
  setInterval(age, 500);
  let pending = 0;
  addEventListener('resize', () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => drawn.forEach(({target, height, plot}) => plot.setSize({width: width(target), height})));
  });
  addEventListener('visibilitychange', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();

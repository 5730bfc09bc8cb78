'use strict';
(() => {
  const {css, ms, seconds, plain, axis, line, logScale, logAxis, stacked} = plots;
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const nines = v => {
    if (v == null) return '–';
    const decimals = Math.max(0, Math.ceil(v) - 2) + (Number.isInteger(v) ? 0 : 1);
    return v === 0 ? '0 %' : (100 - 100 * Math.pow(10, -v)).toFixed(decimals) + ' %';
  };

  /** Points between two gaps, which no line shows. */
  const alone = (u, si) => u.data[si].flatMap((v, i, all) => v != null && all[i - 1] == null && all[i + 1] == null ? [i] : []);

  const ninesAxis = () => axis('percentile, each step one nine more', {
    splits: u => Array.from({length: Math.floor(u.scales.x.max) + 1}, (_, i) => i), values: (u, s) => s.map(nines),
  });
  const charts = {
    nines: d => ({
      columns: [d.x, d.fromIntended, d.service, d.lateness],
      scales: {x: {time: false}, y: logScale},
      axes: [ninesAxis(), logAxis()],
      series: [{label: 'percentile', value: (u, v) => nines(v)},
        line('from intended start', '--c1', {value: (u, v) => ms(v), width: 2.25}),
        line('service (from sent)', '--c2', {value: (u, v) => ms(v)}),
        line('lateness of the generator', '--c3', {value: (u, v) => ms(v), dash: [5, 4]})],
      height: 340,
    }),
    time: d => ({
      columns: [d.x, d.max, d.p99, d.p50],
      scales: {x: {time: false}, y: logScale},
      axes: [axis('seconds since the run began'), logAxis()],
      series: [{label: 'second', value: (u, v) => seconds(v)},
        line('max', '--c3', {value: (u, v) => ms(v), width: 1}),
        line('p99', '--c2', {value: (u, v) => ms(v), points: {show: true, size: 4, filter: alone}}),
        line('p50', '--c1', {value: (u, v) => ms(v)})],
      height: 280,
    }),
    rate: d => ({
      columns: [d.x, d.planned, d.sent, d.completed, d.failed, d.throttled],
      scales: {x: {time: false}, y: {range: (u, min, max) => [0, Math.max(max, 1) * 1.05]}},
      axes: [axis('seconds since the run began'), axis('invocations per second', {size: 52})],
      series: [{label: 'second', value: (u, v) => seconds(v)},
        line('planned', '--c3', {dash: [5, 4], value: (u, v) => plain(v)}),
        line('sent', '--c4', {value: (u, v) => plain(v)}),
        line('completed', '--c1', {value: (u, v) => plain(v)}),
        line('failed', '--bad', {value: (u, v) => plain(v)}),
        line('throttled', '--c2', {value: (u, v) => plain(v)})],
      height: 250,
    }),
    cold: d => {
      const columns = [d.cold, d.victims, d.suppressed];
      const sums = stacked(columns);
      const bars = (label, color, c) => ({
        label, stroke: css(color), fill: css(color), width: 0, points: {show: false},
        paths: uPlot.paths.bars({size: [0.8, 40]}), value: (u, v, si, i) => i == null ? '–' : plain(columns[c][i]),
      });
      const half = d.x.length > 1 ? (d.x[1] - d.x[0]) / 2 : 0.5;
      return {
        columns: [d.x, sums[2], sums[1], sums[0]],
        scales: {x: {time: false, range: (u, min, max) => [min - half, max + half]}, y: {range: (u, min, max) => [0, Math.max(max, 1) * 1.05]}},
        axes: [axis('seconds since the run began'), axis('invocations per second', {size: 52})],
        series: [{label: 'second', value: (u, v) => seconds(v)},
          bars('suppressed init', '--p-suppressedInit', 2), bars('victims', '--p-queue', 1), bars('cold starts', '--p-create', 0)],
        height: 250,
      };
    },
    fleet: d => {
      const names = ['busy', 'idle', 'frozen', 'resetting', 'starting'];
      const colors = ['--p-invoke', '--p-initFunction', '--p-thaw', '--p-suppressedInit', '--p-create'];
      const columns = names.map(name => d[name]);
      const sums = stacked(columns);
      const order = names.map((_, i) => names.length - 1 - i);
      return {
        columns: [d.x, ...order.map(i => sums[i]), d.waiting],
        scales: {x: {time: false}, y: {range: (u, min, max) => [0, Math.max(max, 1) * 1.05]}},
        axes: [axis('seconds since the run began'), axis('environments', {size: 52})],
        series: [{label: 'second', value: (u, v) => seconds(v)},
          ...order.map(c => line(names[c], colors[c], {
            fill: css(colors[c]), width: 0.5, value: (u, v, si, i) => i == null ? '–' : plain(columns[c][i]),
          })),
          line('invocations waiting', '--bad', {value: (u, v) => plain(v)})],
        height: 260,
      };
    },
  };

  /** Dots with their names; x is sorted. */
  const named = d => u => {
    const ctx = u.ctx;
    ctx.save();
    ctx.fillStyle = css('--ink');
    ctx.font = 12 * devicePixelRatio + 'px system-ui, sans-serif';
    d.names.forEach((name, i) => {
      const x = u.valToPos(d.x[i], 'x', true);
      const right = x > u.bbox.left + u.bbox.width * 0.75;
      ctx.textAlign = right ? 'right' : 'left';
      ctx.fillText(name, x + (right ? -8 : 8) * devicePixelRatio, u.valToPos(d.y[i], 'y', true) - 6 * devicePixelRatio);
    });
    ctx.restore();
  };
  charts.pareto = d => ({
    columns: [d.x, d.y, d.y.map((v, i) => d.best[i] ? v : null)],
    scales: {x: {time: false, range: (u, min, max) => [0, Math.max(max, 1e-9) * 1.1]}, y: {range: (u, min, max) => [0, Math.max(max, 1e-9) * 1.15]}},
    axes: [axis('idle memory, GB-s'), axis('cold starts, %', {size: 56})],
    series: [{label: 'idle GB-s', value: (u, v) => plain(v)},
      line('cold starts, %', '--c1', {width: 0, points: {show: true, size: 8}, value: (u, v) => plain(v)}),
      line('not beaten', '--c2', {spanGaps: true, dash: [5, 4], points: {show: true, size: 8, fill: css('--c2')}, value: (u, v) => plain(v)})],
    hooks: {draw: [named(d)]},
    height: 380,
  });

  charts.curve = d => ({
    columns: [d.x, d.y],
    scales: {x: {time: false}, y: {range: (u, min, max) => [0, Math.max(max, 1e-9) * 1.1]}},
    axes: [axis('memory, GiB'), axis('cold starts, %', {size: 56})],
    series: [{label: 'GiB', value: (u, v) => plain(v)}, line('cold starts, %', '--c1', {value: (u, v) => plain(v)})],
    height: 260,
  });

  charts.curves = d => ({
    columns: [d.x, d.a, d.b],
    scales: {x: {time: false}, y: logScale},
    axes: [ninesAxis(), logAxis()],
    series: [{label: 'percentile', value: (u, v) => nines(v)},
      line('A', '--c3', {value: (u, v) => ms(v), width: 2.25, dash: [5, 4]}),
      line('B', '--c1', {value: (u, v) => ms(v), width: 2.25})],
    height: 340,
  });
  const change = v => v == null ? '–' : (v > 0 ? '+' : '') + Number(v.toPrecision(3)) + ' %';
  charts.shift = d => ({
    columns: [d.x, d.high, d.low, d.ratio, d.x.map(() => 0)],
    scales: {x: {time: false}},
    axes: [ninesAxis(), axis('B against A', {size: 78, values: (u, s) => s.map(change)})],
    bands: [{series: [1, 2], fill: css('--band')}],
    series: [{label: 'percentile', value: (u, v) => nines(v)},
      line('high', '--c1', {value: (u, v) => change(v), width: 0.5}),
      line('low', '--c1', {value: (u, v) => change(v), width: 0.5}),
      line('change', '--c1', {value: (u, v) => change(v), width: 2.25}),
      line('no change', '--c3', {value: () => '0 %', width: 1, dash: [5, 4]})],
    height: 280,
  });

  let drawn = [];
  const draw = () => {
    drawn.forEach(each => each.plot.destroy());
    drawn = [];
    document.querySelectorAll('[data-chart]').forEach(target => {
      const d = data[target.dataset.chart];
      target.replaceChildren();
      if (!d || d.x.length === 0) {
        const empty = document.createElement('p');
        empty.className = 'empty';
        empty.textContent = 'Nothing was recorded for this chart.';
        target.append(empty);
        return;
      }
      const {columns, height, ...chart} = charts[target.dataset.chart](d);
      // A line needs two points: fewer are shown as dots.
      if (d.x.length < 2) chart.series.slice(1).forEach(each => { each.points = {show: true, size: 7}; });
      const options = {width: Math.max(target.clientWidth, 200), height, cursor: {drag: {x: true, y: false}}, ...chart};
      drawn.push({target, height, plot: new uPlot(options, columns, target)});
    });
  };
  const resize = () => drawn.forEach(({target, height, plot}) => plot.setSize({width: Math.max(target.clientWidth, 200), height}));

  const sortable = table => {
    const body = table.tBodies[0];
    const headers = [...table.tHead.rows[0].cells];
    const key = (row, column) => {
      const cell = row.cells[column];
      const value = cell.querySelector('data');
      if (value) return Number(value.value);
      return cell.classList.contains('text') || cell.tagName === 'TH' ? cell.textContent : Number(cell.textContent.replace(/[^\d.-]/g, '') || -1);
    };
    headers.forEach((header, column) => header.querySelector('button').addEventListener('click', () => {
      const text = column === 0 || header.classList.contains('text');
      const ascending = header.hasAttribute('aria-sort') ? header.getAttribute('aria-sort') === 'descending' : text;
      headers.forEach(each => each.removeAttribute('aria-sort'));
      header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const rows = [...body.rows].map(row => [key(row, column), row]);
      rows.sort(([a], [b]) => (typeof a === 'string' ? a.localeCompare(b, 'en', {numeric: true}) : a - b) * (ascending ? 1 : -1));
      body.append(...rows.map(([, row]) => row));
    }));
  };

  const filter = (input, table, count) => {
    const apply = () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = shown + ' of ' + table.tBodies[0].rows.length + ' shown';
    };
    input.addEventListener('input', apply);
    apply();
  };

  document.querySelectorAll('table[data-sortable]').forEach(sortable);
  document.querySelectorAll('input[data-filter]').forEach(input =>
    filter(input, document.getElementById(input.dataset.filter), document.getElementById(input.dataset.filter + '-count')));

  if (document.querySelector('[data-chart]')) {
    draw();
    let pending = 0;
    addEventListener('resize', () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(resize); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }
})();

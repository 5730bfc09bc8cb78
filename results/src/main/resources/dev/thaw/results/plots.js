'use strict';
/** What every page's plots share: colours of the style, durations in words, axes, lines, stacks. */
const plots = (() => {
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const round = v => v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2);
  const ms = v => v == null ? '–' : v < 1 ? Math.round(v * 1000) + ' µs' : v < 1000 ? round(v) + ' ms' : round(v / 1000) + ' s';
  const tick = v => ms(v).replace(/\.0+ /, ' ');
  const seconds = v => v == null ? '–' : (Number.isInteger(v) ? v : v.toFixed(1)) + ' s';
  const plain = v => v == null ? '–' : Number.isInteger(v) ? String(v) : round(v);

  const axis = (label, extra) => ({
    label, labelSize: 20, size: 34, labelFont: '12px system-ui, sans-serif', font: '12px system-ui, sans-serif',
    stroke: css('--soft'), grid: {stroke: css('--line'), width: 1}, ticks: {stroke: css('--line'), width: 1, size: 4}, ...extra,
  });
  const line = (label, color, extra) => ({label, stroke: css(color), width: 1.75, points: {show: false}, ...extra});
  const logScale = {distr: 3, log: 10};
  const logAxis = () => axis('latency', {size: 62, values: (u, splits) => splits.map(v => v == null || Math.abs(Math.log10(v) % 1) > 1e-6 ? '' : tick(v))});

  /** Cumulates series for stacked areas; the top one is drawn first. */
  const stacked = columns => {
    const sums = columns.map(() => []);
    for (let i = 0; i < columns[0].length; i++) {
      let sum = 0;
      for (let c = 0; c < columns.length; c++) sums[c][i] = sum += columns[c][i];
    }
    return sums;
  };

  return {css, ms, seconds, plain, axis, line, logScale, logAxis, stacked};
})();

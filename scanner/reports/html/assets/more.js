// Network, traceability and trend: shown where the command knew of them.
const STATES = ['unexpected', 'undecided', 'missing', 'plain'];
const renderNetwork = () => {
  document.querySelectorAll('[data-legend]').forEach((list) => list.replaceChildren(...STATES.map((kind) =>
    el('li', { class: `flow ${kind}` }, el('i', { 'aria-hidden': 'true' }), say(`flow.${kind}`)))));
  document.querySelectorAll('[data-flows]').forEach((place) => {
    const { flows } = data.networks[Number(place.dataset.flows)];
    const lines = STATES.flatMap((kind) => flows.filter((flow) => flow[3] === kind)).map(([source, target, services, kind]) => row(
      cell(say('flow'), el('span', { class: `flow ${kind}` }, el('i', { 'aria-hidden': 'true' }), say(`flow.${kind}`))),
      cell(say('flow.source'), at(source)), cell(say('flow.target'), at(target)), cell(say('flow.services'), at(services))));
    place.replaceChildren(el('div', { class: 'wide' }, table(say('view.network'),
      [say('flow'), say('flow.source'), say('flow.target'), say('flow.services')], lines, 'flows')));
  });
};

const retrace = (changes) => { keep(changes); renderTrace(); };
const statementRow = ([id, title, handling, how, stage, severity, verdict]) => row(
  cell(say('verdict'), verdict ? verdictMark(verdict) : el('span', { class: 'quiet' }, '-')),
  head(at(id) ? el('a', { href: linkTo({ q: at(id) }) }, el('code', {}, at(id))) : null, el('span', {}, at(title))),
  cell(say('severity'), severity ? severityMark(severity) : ''),
  cell(say('handling'), at(handling)), cell(say('how'), at(how)), cell(say('stage'), at(stage)));
const renderTrace = () => {
  const statements = data.traces.flatMap((trace) => trace.sections.flatMap((section) => section.rows));
  const verdicts = counted(statements, (line) => line[6] ?? 'none');
  refill(document.getElementById('trace-filters'), search(say('search'), 'tq', retrace),
    chips(say('verdict'), 'tv', [...VERDICTS, 'none'].filter((verdict) => verdicts.has(verdict))
      .map((verdict) => [verdict, verdict === 'none' ? say('no.verdict') : verdictMark(verdict), verdicts.get(verdict)]), retrace));
  const wanted = new Set(chosen('tv'));
  const words = state.tq.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (section, line) => (!wanted.size || wanted.has(line[6] ?? 'none')) && words.every((word) =>
    [section.name, ...line.slice(0, 5)].some((number) => at(number).toLowerCase().includes(word)));
  let shown = 0;
  const heads = [say('verdict'), say('requirement'), say('severity'), say('handling'), say('how'), say('stage')];
  put('trace-list', data.traces.map((trace) => {
    const bodies = trace.sections.map((section) => [section, section.rows.filter((line) => fits(section, line))])
      .filter(([section, lines]) => lines.length || (!section.rows.length && !wanted.size && !words.length));
    const made = table(say('trace.title'), heads, [], 'trace');
    made.querySelector('tbody').remove();
    bodies.forEach(([section, lines]) => {
      shown += lines.length;
      made.append(el('tbody', { role: 'rowgroup' }, el('tr', { role: 'row', class: 'section' },
        el('th', { role: 'rowheader', scope: 'rowgroup', colspan: '6' }, at(section.name),
          section.state === null ? null : el('span', { class: 'tag' }, at(section.state)))), lines.map(statementRow)));
    });
    return el('div', { class: 'block' }, el('h2', {}, at(trace.document) || at(trace.baseline)),
      el('ul', { class: 'counts' }, trace.counts.filter(([, number]) => number)
        .map(([label, number]) => el('li', {}, `${at(label)} `, el('strong', {}, figure(number))))),
      bodies.length ? made : el('p', { class: 'empty' }, say('nothing')), contradictions(trace));
  }));
  put('trace-count', say('trace.count', { number: figure(shown), all: figure(statements.length) }));
};
const contradictions = (trace) => (trace.contradictions.length ? el('details', { class: 'notes' },
  el('summary', {}, say('contradictions', { number: figure(trace.contradictions.length) })),
  el('dl', { class: 'contradictions' }, trace.contradictions.map(([id, sections, what, decision]) => el('div', {},
    el('dt', {}, el('code', {}, at(id)), ` ${at(sections)}`), el('dd', {}, at(what)),
    el('dd', {}, el('strong', {}, `${say('decision')}: `), at(decision)))))) : null);

const CHART = { width: 720, height: 220, left: 44, right: 12, top: 12, bottom: 28 };
const chart = (trend) => {
  const lines = [['fail', trend.audits.map((audit) => audit[2].fail ?? 0)], ['unknown', trend.audits.map((audit) => audit[2].unknown ?? 0)]];
  const top = Math.max(4, ...lines.flatMap(([, numbers]) => numbers));
  const x = (index) => CHART.left + ((CHART.width - CHART.left - CHART.right) * index) / Math.max(1, trend.audits.length - 1);
  const y = (number) => CHART.top + (CHART.height - CHART.top - CHART.bottom) * (1 - number / top);
  const drawn = svg('svg', { viewBox: `0 0 ${CHART.width} ${CHART.height}`, class: 'chart', role: 'img',
    'aria-label': say('trend.chart') });
  [0, 0.5, 1].forEach((part) => {
    const number = Math.round(top * part);
    drawn.append(svg('line', { x1: CHART.left, x2: CHART.width - CHART.right, y1: y(number), y2: y(number), class: 'grid' }),
      svg('text', { x: CHART.left - 8, y: y(number) + 4, 'text-anchor': 'end' }, figure(number)));
  });
  lines.forEach(([kind, numbers]) => {
    drawn.append(svg('polyline', { points: numbers.map((number, index) => `${x(index)},${y(number)}`).join(' '), class: kind }));
    if (numbers.length <= 60) numbers.forEach((number, index) => drawn.append(
      svg('circle', { cx: x(index), cy: y(number), r: trend.audits[index][1] ? 3 : 4, class: `${kind}${trend.audits[index][1] ? '' : ' partial'}` })));
  });
  const ends = [[0, 'start'], [trend.audits.length - 1, 'end']].slice(trend.audits.length > 1 ? 0 : 1);
  ends.forEach(([index, anchor]) => drawn.append(
    svg('text', { x: x(index), y: CHART.height - 8, 'text-anchor': anchor }, trend.audits[index][0].slice(0, 10))));
  return drawn;
};
const renderTrend = () => put('trend-list', data.trends.map((trend) => {
  const audits = trend.audits.map(([started, complete, summary]) => row(head(stamp(started)),
    ...VERDICTS.map((verdict) => cell(say(`verdict.${verdict}`), figure(summary[verdict] ?? 0))),
    cell(say('trend.read'), say(complete ? 'trend.whole' : 'trend.part')))).reverse();
  const changes = trend.changes.map(([kind, [rule, title, where, since, , severity]]) => row(
    cell(say('trend.change'), el('span', { class: `change ${kind}` }, say(`change.${kind}`))),
    cell(say('severity'), severityMark(severity)),
    head(el('a', { href: linkTo({ q: at(rule) }) }, el('code', {}, at(rule))), el('span', {}, at(title))),
    cell(say('resource'), el('code', {}, at(where))), cell(say('trend.since'), at(since))));
  return el('div', { class: 'block' }, el('h2', {}, at(trend.name)),
    el('ul', { class: 'legend' }, el('li', { class: 'flow fail' }, el('i', { 'aria-hidden': 'true' }), say('verdict.fail')),
      el('li', { class: 'flow unknown' }, el('i', { 'aria-hidden': 'true' }), say('verdict.unknown'))),
    chart(trend), el('h3', {}, say('trend.changes')), el('p', {}, say('trend.persisting', { number: figure(trend.persisting) })),
    changes.length ? el('div', { class: 'wide' }, table(say('trend.changes'),
      [say('trend.change'), say('severity'), say('requirement'), say('resource'), say('trend.since')], changes, 'changes')) : null,
    el('details', { class: 'notes', open: audits.length < 15 }, el('summary', {}, say('trend.audits', { number: figure(audits.length) })),
      el('div', { class: 'wide' }, table(say('trend.title'),
        [say('trend.when'), ...VERDICTS.map((verdict) => say(`verdict.${verdict}`)), say('trend.read')], audits, 'matrix'))));
}));

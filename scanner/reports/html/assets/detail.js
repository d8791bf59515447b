// One finding: what was found, where, by which way, and what to do.
const spot = (number) => {
  const [path, line, column] = data.places[number];
  return `${name(path)}:${line}:${column}`;
};
const codeOf = (number, what = '') => {
  const [, line, , last, before, span, after, withheld] = data.places[number];
  const title = el('figcaption', {}, what ? el('span', { class: 'what' }, what) : null, el('code', {}, spot(number)));
  if (withheld) return el('figure', { class: 'code' }, title, el('p', { class: 'quiet' }, say('withheld')));
  if (before === null) return el('figure', { class: 'code bare' }, title);
  const rest = last > line ? el('span', { class: 'quiet' }, ` … ${say('to.line', { line: figure(last) })}`) : null;
  return el('figure', { class: 'code' }, title, el('pre', { tabindex: '0' },
    el('span', { class: 'gutter', 'aria-hidden': 'true' }, String(line)),
    el('code', {}, name(before), el('mark', {}, name(span) || ' '), name(after), rest)));
};

const pairs = (rows) => el('dl', { class: 'facts' }, rows.filter(([, value]) => value && value.length !== 0)
  .map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value))));
const compactValue = (number) => (number === null ? el('span', { class: 'quiet' }, say('absent')) : el('code', {}, at(number)));
const values = (finding) => {
  if (finding.path === null || (finding.expected === null && finding.actual === null)) return null;
  return el('div', { class: 'values' },
    finding.expected === null ? null : el('div', {}, el('h3', {}, say('expected')), compactValue(finding.expected)),
    el('div', {}, el('h3', {}, say('actual')), compactValue(finding.actual)));
};
const way = (finding) => {
  if (!finding.chain.length) return finding.place === null ? null : codeOf(finding.place);
  return el('div', {}, finding.place === null ? null : codeOf(finding.place),
    el('h3', {}, say('way')), el('ol', { class: 'way' }, finding.chain.map(([what, place]) => el('li', {},
      place === null ? el('code', {}, at(what)) : codeOf(place, at(what))))));
};
const waiverBox = (waiver) => el('div', { class: 'waiver' }, el('h3', {}, say('waiver')), el('p', {}, at(waiver.reason)),
  pairs([[say('owner'), at(waiver.owner)], [say('until'), at(waiver.until) || say('no.end')],
    [say('written.at'), waiver.place === null ? '' : el('code', {}, spot(waiver.place))]]));
const SIGNS = { '+': 'added', '-': 'removed', '@': 'where' };
const fixBox = (fix) => el('div', { class: 'fix' }, el('h3', {}, say('fix')), el('p', {}, at(fix.text)),
  fix.files.map((file) => el('figure', { class: 'code' },
    el('figcaption', {}, el('code', {}, at(file.path))),
    el('pre', { tabindex: '0', class: 'diff' }, file.lines.map(([sign, text]) =>
      el('span', { class: SIGNS[sign] }, sign === '@' ? at(text) : `${sign} ${at(text)}`, '\n'))))));
const advice = (finding, rule) => {
  const rows = [];
  if (rule && finding.verdict !== 'pass' && at(rule.remediation)) rows.push(el('h3', {}, say('remediation')), el('p', {}, at(rule.remediation)));
  if (rule && at(rule.description)) rows.push(el('h3', {}, say('why')), el('p', {}, at(rule.description)));
  return rows;
};

const detail = (finding) => {
  const rule = rules.get(finding.rule);
  const document_ = rule ? at(rule.document) : '';
  const cited = at(finding.section)
    ? say(document_ ? 'section.document' : 'section', { section: at(finding.section), document: document_ }) : '';
  const link = () => `${location.href.split('#')[0]}${linkTo({ open: finding.id })}`;
  return el('article', { 'aria-label': `${at(finding.rule)} ${at(finding.title)}` },
    el('h2', { class: 'unseen' }, at(finding.title)),
    el('p', { class: 'lead-message' }, at(finding.message)),
    cited ? el('p', { class: 'cited' }, cited) : null,
    finding.reason !== null && at(finding.reason) !== at(finding.message) ? el('p', {}, at(finding.reason)) : null,
    finding.waiver ? waiverBox(finding.waiver) : null,
    values(finding), way(finding), finding.fix ? fixBox(finding.fix) : null, advice(finding, rule),
    pairs([
      [say('resource'), at(finding.address) ? el('code', {}, at(finding.address)) : ''],
      [say('component'), at(finding.component)],
      [say('type'), at(finding.type) ? el('code', {}, at(finding.type)) : ''],
      [say('system'), at(finding.system)],
      [say('attribute'), at(finding.path) ? el('code', {}, at(finding.path)) : ''],
      [say('policy'), at(finding.policy) ? el('code', {}, at(finding.policy)) : ''],
      [say('category'), at(finding.category)],
      [say('kind'), say(`kind.${finding.kind}`)],
      [say('related'), rule ? rule.related.map(at).join(', ') : ''],
      [say('fingerprint'), el('code', {}, finding.id)],
    ]),
    el('p', { class: 'actions' }, copyButton(say('copy.finding'), link)));
};

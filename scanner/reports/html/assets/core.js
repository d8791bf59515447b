// Data, words and the state that a permalink holds. Numbers in the data are places in data.texts and data.places.
const data = JSON.parse(document.getElementById('data').textContent);
const VERDICTS = ['fail', 'unknown', 'review', 'pass', 'not_applicable'];
const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const PAGE = 100;

const DEFAULTS = {
  view: 'overview', lang: '', verdict: '', severity: '', category: '', baseline: '', component: '', system: '',
  waived: '', q: '', sort: 'gravity', page: '1', open: '', meaning: '', dq: '', dpage: '1', tq: '', tv: '',
};
const state = { ...DEFAULTS };
let lang = data.language;

/** The text of a number in the language of now. */
const at = (number) => {
  if (number === null || number === undefined) return '';
  const text = data.texts[number];
  return typeof text === 'string' ? text : text[lang === 'ko' ? 1 : 0];
};
/** The same in English: names, ids and choices that a permalink holds. */
const name = (number) => {
  if (number === null || number === undefined) return '';
  const text = data.texts[number];
  return typeof text === 'string' ? text : text[0];
};
/** Words of the page itself, with their placeholders filled in. */
const say = (key, values = {}) =>
  data.words[key][lang === 'ko' ? 1 : 0].replace(/\{(\w+)\}/g, (whole, which) => values[which] ?? whole);
const figure = (number) => number.toLocaleString(lang);
const stamp = (text) => text.replace('T', ' ').replace(/:\d\dZ$/, ' UTC');

const CODED = ['id', 'verdict', 'severity', 'enforce', 'kind'];
/** Rows as objects; what the page decides by is text already. */
const unfold = (row) => {
  const finding = {};
  data.fields.forEach((field, index) => { finding[field] = row[index]; });
  CODED.forEach((field) => { finding[field] = name(finding[field]); });
  const [place = null, chain = [], fix = null, waiver = null] = row.slice(data.fields.length);
  finding.violates = finding.verdict === 'fail' && finding.enforce === 'required' && !waiver;
  finding.gravity = VERDICTS.indexOf(finding.verdict) * 16 + (finding.violates || finding.verdict !== 'fail' ? 0 : 8)
    + SEVERITIES.indexOf(finding.severity);
  return Object.assign(finding, { place, chain, fix, waiver });
};
const findings = data.findings.map(unfold);
const rules = new Map(data.rules.map((rule) => [rule.id, rule]));

const readState = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  Object.keys(DEFAULTS).forEach((key) => { state[key] = given.get(key) ?? DEFAULTS[key]; });
  if (given.has('open') && !given.has('view')) state.view = 'findings';
  if (!document.querySelector(`[data-view="${CSS.escape(state.view)}"]`)) state.view = 'overview';
  lang = ['en', 'ko'].includes(state.lang) ? state.lang : data.language;
};
const hashOf = (changes = {}) => {
  const wanted = { ...state, ...changes };
  const held = Object.keys(DEFAULTS).filter((key) => wanted[key] !== DEFAULTS[key]);
  return `#${new URLSearchParams(held.map((key) => [key, wanted[key]]))}`;
};
/** Takes over a change; `push` makes it a step that the back button undoes. */
const keep = (changes, push = false) => {
  Object.assign(state, changes);
  history[push ? 'pushState' : 'replaceState'](null, '', hashOf());
};
/** A permalink to findings, with these filters and no others. */
const linkTo = (filters) => {
  const given = { view: 'findings', ...filters };
  if (state.lang) given.lang = state.lang;
  return `#${new URLSearchParams(given)}`;
};
const chosen = (key) => (state[key] ? state[key].split(',') : []);

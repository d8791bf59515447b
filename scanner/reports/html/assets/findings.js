// The list: filters, order, pages. No more rows stand in the document than one page has.
const FACETS = {
  category: (finding) => name(finding.category),
  baseline: (finding) => name(finding.baseline) || '-',
  component: (finding) => name(finding.component),
  system: (finding) => systemName(finding) || '-',
};
const haystack = (finding) => {
  if (!finding.words) {
    const place = finding.place === null ? '' : name(data.places[finding.place][0]);
    const both = ['title', 'message', 'reason'].map((key) => finding[key]).filter((number) => number !== null)
      .map((number) => data.texts[number]).map((text) => (typeof text === 'string' ? text : text.join('\n')));
    const single = ['rule', 'policy', 'component', 'section', 'type', 'address', 'path', 'category']
      .map((key) => name(finding[key]));
    finding.words = [...both, ...single, place, finding.id].join('\n').toLowerCase();
  }
  return finding.words;
};
const matching = () => {
  const verdicts = new Set(chosen('verdict'));
  const severities = new Set(chosen('severity'));
  const facets = Object.entries(FACETS).filter(([key]) => state[key]);
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return findings.filter((finding) => (!verdicts.size || verdicts.has(finding.verdict))
    && (!severities.size || severities.has(finding.severity))
    && (!state.waived || (finding.waiver !== null) === (state.waived === 'yes'))
    && facets.every(([key, of]) => of(finding) === state[key])
    && words.every((word) => haystack(finding).includes(word)));
};
const spotKey = (finding) => (finding.place === null ? '' : spot(finding.place).replace(/\d+/g, (digits) => digits.padStart(6, '0')));
const ORDERS = {
  gravity: (finding) => finding.gravity,
  severity: (finding) => SEVERITIES.indexOf(finding.severity),
  rule: (finding) => name(finding.rule),
  resource: (finding) => name(finding.address) || name(finding.component),
  place: spotKey,
};
const ordered = (items) => {
  const backwards = state.sort.startsWith('-');
  const key = backwards ? state.sort.slice(1) : state.sort;
  const of = Object.hasOwn(ORDERS, key) ? ORDERS[key] : ORDERS.gravity;
  const keyed = items.map((item) => [of(item), item]);
  const sign = backwards ? -1 : 1;
  keyed.sort(([one, first], [two, second]) => sign * ((one > two) - (one < two)) || first.gravity - second.gravity);
  return keyed.map(([, item]) => item);
};

const facet = (key) => [...counted(findings, FACETS[key])].filter(([value]) => value)
  .sort(([one], [two]) => (one > two) - (one < two))
  .map(([value, number]) => [value, value === '-' ? say(key === 'baseline' ? 'no.document' : 'no.system') : value, number]);
const refilter = (changes) => { keep({ ...changes, page: '1', open: '' }); renderFindings(); };
const renderFilters = () => {
  const verdicts = counted(findings, (finding) => finding.verdict);
  const severities = counted(findings, (finding) => finding.severity);
  const present = (order, counts, kind) => order.filter((value) => counts.has(value))
    .map((value) => [value, (kind === 'verdict' ? verdictMark : severityMark)(value), counts.get(value)]);
  const waived = findings.filter((finding) => finding.waiver).length;
  refill(document.getElementById('filters'),
    search(say('search'), 'q', refilter),
    chips(say('verdict'), 'verdict', present(VERDICTS, verdicts, 'verdict'), refilter),
    chips(say('severity'), 'severity', present(SEVERITIES, severities, 'severity'), refilter),
    Object.keys(FACETS).map((key) => choice(say(key === 'baseline' ? 'document' : key), key, facet(key), refilter)),
    waived ? choice(say('waivers'), 'waived', [['yes', say('waived'), waived],
      ['no', say('not.waived'), findings.length - waived]], refilter) : null);
};

const sortHead = (key, label) => {
  const now = state.sort.replace('-', '') === key;
  const direction = now ? (state.sort.startsWith('-') ? 'descending' : 'ascending') : 'none';
  const next = direction === 'ascending' ? `-${key}` : key;
  return el('th', { scope: 'col', role: 'columnheader', 'aria-sort': direction },
    el('button', { type: 'button', class: 'sort', 'data-sort': key, on: { click: () => {
      keep({ sort: next, page: '1' });
      renderFindings();
      document.querySelector(`[data-sort="${key}"]`)?.focus();
    } } }, label, el('i', { 'aria-hidden': 'true' })));
};
const toggle = (finding, line, button) => {
  const opened = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!opened));
  line.classList.toggle('opened', !opened);
  if (opened) line.nextElementSibling.remove();
  else line.after(detailRow(finding));
};
const detailRow = (finding) => el('tr', { role: 'row', class: 'detail' },
  el('td', { role: 'cell', colspan: '5' }, detail(finding)));
const findingRow = (finding) => {
  const button = el('button', { type: 'button', class: 'name', 'aria-expanded': 'false', 'data-open': finding.id },
    el('span', { class: 'title' }, at(finding.title)), el('span', { class: 'message' }, at(finding.message)));
  const line = row(
    cell(say('verdict'), verdictMark(finding.verdict),
      finding.waiver ? el('span', { class: 'tag' }, say('waived')) : null,
      finding.enforce === 'advisory' ? el('span', { class: 'tag' }, say('advisory')) : null),
    cell(say('severity'), severityMark(finding.severity)),
    head(el('span', { class: 'rule' }, el('code', {}, at(finding.rule)), at(finding.section)
      ? el('span', { class: 'quiet' }, say('section', { section: at(finding.section) })) : null), button),
    cell(say('resource'), at(finding.component) ? el('span', { class: 'component' }, at(finding.component)) : null,
      at(finding.address) ? el('code', { class: 'address' }, at(finding.address)) : null),
    cell(say('place'), finding.place === null ? '' : el('code', { class: 'address' }, spot(finding.place))));
  line.classList.add('finding');
  button.addEventListener('click', () => {
    toggle(finding, line, button);
    keep({ open: button.getAttribute('aria-expanded') === 'true' ? finding.id : '' });
  });
  return line;
};

const renderFindings = () => {
  renderFilters();
  const found = ordered(matching());
  const opened = state.open ? found.findIndex((finding) => finding.id === state.open) : -1;
  if (opened >= 0) state.page = String(1 + Math.floor(opened / PAGE));
  const turn = (changes) => {
    keep({ ...changes, open: '' }, true);
    renderFindings();
    document.getElementById('findings').scrollIntoView();
    document.querySelector('#list [data-open]')?.focus({ preventScroll: true });
  };
  const [from, to] = pager('pages', 'page', found.length, turn);
  const shown = found.slice(from, to);
  put('count', say(found.length === findings.length ? 'count.all' : 'count', {
    number: figure(found.length), all: figure(findings.length),
  }));
  const filtered = Object.keys({ ...FACETS, verdict: 0, severity: 0, waived: 0, q: 0 }).some((key) => state[key]);
  put('list-tools', filtered ? el('button', { type: 'button', class: 'plain', on: {
    click: () => refilter({ verdict: '', severity: '', category: '', baseline: '', component: '', system: '', waived: '', q: '' }),
  } }, say('clear')) : null, copyButton(say('copy.list'), () => location.href));
  put('list', shown.length ? table(say('view.findings'), [
    sortHead('gravity', say('verdict')), sortHead('severity', say('severity')), sortHead('rule', say('requirement')),
    sortHead('resource', say('resource')), sortHead('place', say('place')),
  ], shown.map(findingRow), 'findings') : el('p', { class: 'empty' }, say('nothing')));
  if (opened >= 0) {
    const button = document.querySelector(`[data-open="${CSS.escape(state.open)}"]`);
    toggle(found[opened], button.closest('tr'), button);
  }
  return opened >= 0;
};

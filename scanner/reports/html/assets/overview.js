// What came out, as a whole.
const KINDS = ['fail', 'waived', 'unknown', 'review', 'pass', 'not_applicable'];
const kindOf = (finding) => (finding.waiver && finding.verdict === 'fail' ? 'waived' : finding.verdict);
const filterOf = (kind) => (kind === 'waived' ? { verdict: 'fail', waived: 'yes' } : { verdict: kind });
const kindWord = (kind) => (kind === 'waived' ? say('waived') : say(`verdict.${kind}`));
const tally = (items) => {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  items.forEach((finding) => { counts[kindOf(finding)] += 1; });
  return counts;
};
const groupsOf = (items, of) => {
  const groups = new Map();
  items.forEach((item) => {
    const key = of(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  });
  return groups;
};

const runFacts = () => {
  const { run } = data;
  const facts = [
    [say('run.inputs'), run.inputs.map(at).join(', ')],
    [say('run.documents'), run.baselines.map(([id, document]) => (at(document) ? `${at(document)} (${at(id)})` : at(id)))
      .join(', ') || say('run.policies')],
    [say('run.stage'), at(run.stage)],
    [say('run.identity'), run.identity.map(([key, value]) => `${at(key)} ${at(value)}`).join(', ')],
    [say('run.started'), stamp(at(run.started))],
  ];
  return el('dl', { class: 'facts' }, facts.filter(([, text]) => text)
    .map(([label, text]) => el('div', {}, el('dt', {}, label), el('dd', {}, text))));
};

const notices = () => {
  const of = (levels) => data.notifications.filter(([level]) => levels.includes(level));
  const list = (items) => el('ul', {}, items.map(([level, what, place]) => el('li', {},
    el('strong', {}, `${say(`level.${level}`)}: `), at(what), place === null ? '' : el('code', {}, ` ${spot(place)}`))));
  const shown = (items, few) => (items.length <= few ? list(items) : [list(items.slice(0, few)),
    el('details', {}, el('summary', {}, say('more', { number: figure(items.length - few) })), list(items.slice(few)))]);
  const unread = of(['error']);
  const rest = of(['warning', 'note']);
  return [
    data.run.complete ? null : el('div', { class: 'banner', role: 'note' },
      el('h2', {}, say('incomplete.title')), el('p', {}, say('incomplete.text')), shown(unread, 5)),
    rest.length ? el('details', { class: 'notes', open: rest.length < 4 },
      el('summary', {}, say('notes', { number: figure(rest.length) })), list(rest)) : null,
  ];
};

const figures = (counts, total, advisory) => el('div', { class: 'figures' },
  el('ul', {}, KINDS.filter((kind) => counts[kind] || ['fail', 'unknown', 'pass'].includes(kind)).map((kind) =>
    el('li', { class: kind }, el('a', { href: linkTo(filterOf(kind)) },
      el('span', { class: 'big' }, figure(counts[kind])),
      el('span', { class: `verdict ${kind}` }, el('i', { 'aria-hidden': 'true' }), kindWord(kind)),
      kind === 'fail' && advisory ? el('span', { class: 'sub' }, say('advisory.number', { number: figure(advisory) })) : null)))),
  total ? stack(counts, total) : null);

const matrix = (title, first, groups, filter, brief = false) => {
  const rows = [...groups].map(([label, items]) => ({ label, items, counts: tally(items) }))
    .sort((one, two) => two.counts.fail - one.counts.fail || two.items.length - one.items.length);
  const used = KINDS.filter((kind) => kind === 'fail' || !brief && rows.some((item) => item.counts[kind]));
  return el('div', { class: 'block' }, el('h2', {}, title), el('div', { class: 'wide' }, table(title,
    [first, ...used.map(kindWord), ...(brief ? [say('total')] : []), say('share')],
    rows.map(({ label, items, counts }) => row(
      head(el('a', { href: linkTo(filter(label)) }, filter(label, true))),
      ...used.map((kind) => cell(kindWord(kind), counts[kind]
        ? el('a', { href: linkTo({ ...filter(label), ...filterOf(kind) }), class: kind === 'fail' ? 'strong' : '' },
          figure(counts[kind])) : el('span', { class: 'quiet' }, '0'))),
      ...(brief ? [cell(say('total'), figure(items.length))] : []),
      cell(say('share'), stack(counts, items.length)))), 'matrix')));
};

const worst = () => {
  // Rules of drift say little by themselves: each of their findings is a fact of its own.
  const groups = groupsOf(findings.filter((finding) => finding.violates), (finding) => (data.drift.length ? finding.id : finding.rule));
  const rows = [...groups.values()].map((items) => items.sort((one, two) => one.gravity - two.gravity))
    .sort((one, two) => one[0].gravity - two[0].gravity);
  if (!rows.length) return null;
  const line = (items) => {
    const [first] = items;
    const target = items.length === 1 ? { q: at(first.rule), verdict: 'fail', open: first.id }
      : { q: at(first.rule), verdict: 'fail' };
    return el('li', {}, severityMark(first.severity), el('a', { href: linkTo(target) },
      el('strong', {}, at(first.title)), el('span', { class: 'message' }, at(first.message))),
    el('span', { class: 'quiet' }, el('code', {}, at(first.rule)), at(first.section)
      ? ` · ${say('section', { section: at(first.section) })}` : '',
    items.length > 1 ? ` · ${say('places', { number: figure(items.length) })}` : ''));
  };
  const few = rows.slice(0, 12);
  return el('div', { class: 'block' }, el('h2', {}, say('worst')), el('ol', { class: 'worst' }, few.map(line)),
    rows.length > few.length ? el('p', {}, el('a', { href: linkTo({ verdict: 'fail' }) },
      say('worst.more', { number: figure(rows.length - few.length) }))) : null);
};

const bySeverity = () => {
  const counts = counted(findings.filter((finding) => finding.violates), (finding) => finding.severity);
  const top = Math.max(1, ...counts.values());
  return el('div', { class: 'block' }, el('h2', {}, say('by.severity')), el('ul', { class: 'bars' },
    SEVERITIES.map((severity) => {
      const bar = el('span', { class: `fill ${severity}`, 'aria-hidden': 'true' });
      bar.style.width = `${(100 * (counts.get(severity) ?? 0)) / top}%`;
      return el('li', {}, el('a', { href: linkTo({ verdict: 'fail', severity }) }, severityMark(severity)),
        el('span', { class: 'track' }, bar), el('span', { class: 'number' }, figure(counts.get(severity) ?? 0)));
    })));
};

const compared = () => {
  const { comparison } = data;
  if (!comparison) return null;
  const fresh = findings.filter((finding) => finding.violates).length;
  const fixed = comparison.fixed.map(unfold);
  return el('div', { class: 'block compared' }, el('h2', {}, say('compared', { reference: at(comparison.reference) })),
    el('p', {}, say('compared.counts', {
      fresh: figure(fresh), known: figure(comparison.known), fixed: figure(fixed.length),
    })),
    fixed.length ? [el('h3', {}, say('fixed')), el('ul', { class: 'fixed' }, fixed.map((finding) => el('li', {},
      severityMark(finding.severity), el('code', {}, at(finding.rule)), ` ${at(finding.title)} `,
      el('span', { class: 'quiet' }, at(finding.address) || at(finding.component)))))] : null);
};

const systemName = (finding) => name(finding.system);
const titleKey = () => {
  const key = `title.${at(data.run.command)}`;
  return Object.hasOwn(data.words, key) ? key : 'title.scan';
};
const renderOverview = () => {
  const counts = tally(findings);
  const drawn = [
    el('div', { class: 'lead' }, el('h1', { id: 'run-title' }, say(titleKey()), ' ',
      el('span', {}, data.run.baselines.map(([id]) => at(id)).join(', ') || data.run.inputs.map(at).join(', '))),
    el('p', { class: 'outcome' }, at(data.run.outcome)), runFacts()),
    ...notices(), figures(counts, findings.length, findings.filter((finding) => finding.verdict === 'fail'
      && finding.enforce === 'advisory' && !finding.waiver).length), compared(),
    el('div', { class: 'columns' }, worst(), el('div', {}, bySeverity(),
      matrix(say('by.category'), say('category'), groupsOf(findings, (item) => name(item.category)),
        (label, text) => (text ? label : { category: label }), true))),
    matrix(say('by.document'), say('document'), groupsOf(findings, (item) => name(item.baseline)),
      (label, text) => (text ? label || say('no.document') : { baseline: label || '-' })),
    matrix(say('by.system'), say('system'), groupsOf(findings, systemName),
      (label, text) => (text ? label || say('no.system') : { system: label || '-' })),
  ];
  put('overview', drawn);
};

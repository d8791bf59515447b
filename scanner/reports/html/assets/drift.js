// Document, code and account side by side.
const MEANINGS = ['changed_by_hand', 'next_apply_breaks', 'violation_deployed', 'not_deployed', 'unmanaged', 'plain_drift', 'as_built'];
// The sides that are not as they should be.
const ODD = {
  changed_by_hand: ['account'], next_apply_breaks: ['code'], violation_deployed: ['code', 'account'], plain_drift: ['code', 'account'],
};
const driftWords = (line) => {
  line.words ??= [line.component, line.type, line.resource, line.path, line.document, line.code, line.account,
    ...line.requirements].map(name).join('\n').toLowerCase();
  return line.words;
};
const redrift = (changes) => { keep({ dpage: '1', ...changes }); renderDrift(); };
const driftRow = (line) => {
  const title = at(line.component) || at(line.resource) || at(line.type);
  const named = (side) => el('code', { class: (ODD[line.meaning] ?? []).includes(side) ? 'odd' : null }, at(line[side]) || '-');
  const made = row(
    cell(say('meaning'), el('span', { class: `meaning ${line.meaning}` }, el('i', { 'aria-hidden': 'true' }), at(line.label)),
      line.required ? null : el('span', { class: 'tag' }, say('advisory')),
      line.waiver ? el('span', { class: 'tag' }, say('waived')) : null),
    head(el('span', { class: 'component' }, title),
      at(line.path) ? el('code', {}, at(line.path)) : null,
      at(line.resource) && at(line.resource) !== title ? el('code', { class: 'quiet' }, at(line.resource)) : null,
      line.requirements.length ? el('span', { class: 'quiet' }, line.requirements.map(at).join(', ')) : null,
      line.matched === null ? null : el('span', { class: 'quiet' }, say('matched', { how: at(line.matched) })),
      line.waiver ? el('span', {}, [at(line.waiver.reason), at(line.waiver.owner), at(line.waiver.until)]
        .filter(Boolean).join(' · ')) : null),
    cell(say('document'), named('document')), cell(say('code'), named('code')), cell(say('account'), named('account')),
    cell(say('act'), say(`act.${line.act}`), line.place === null ? '' : el('code', { class: 'address' }, spot(line.place))));
  made.classList.add('line');
  return made;
};
const renderDrift = () => {
  const labels = new Map(data.drift.map((line) => [line.meaning, at(line.label)]));
  const counts = counted(data.drift, (line) => line.meaning);
  refill(document.getElementById('drift-filters'), search(say('search'), 'dq', redrift),
    chips(say('meaning'), 'meaning', MEANINGS.filter((meaning) => counts.has(meaning)).map((meaning) => [meaning,
      el('span', { class: `meaning ${meaning}` }, el('i', { 'aria-hidden': 'true' }), labels.get(meaning)), counts.get(meaning)]), redrift));
  const meanings = new Set(chosen('meaning'));
  const words = state.dq.toLowerCase().split(/\s+/).filter(Boolean);
  const found = data.drift.filter((line) => (!meanings.size || meanings.has(line.meaning))
    && words.every((word) => driftWords(line).includes(word)))
    .sort((one, two) => MEANINGS.indexOf(one.meaning) - MEANINGS.indexOf(two.meaning)
      || SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity));
  const [from, to] = pager('drift-pages', 'dpage', found.length, redrift);
  put('drift-count', say(found.length === data.drift.length ? 'drift.all' : 'drift.count', {
    number: figure(found.length), all: figure(data.drift.length),
  }));
  put('drift-list', found.length ? table(say('drift.title'),
    [say('meaning'), say('what'), say('document'), say('code'), say('account'), say('act')],
    found.slice(from, to).map(driftRow), 'drift') : el('p', { class: 'empty' }, say(data.drift.length ? 'nothing' : 'drift.none')));
};

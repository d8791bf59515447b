// Elements are made from texts only: nothing that was read is ever taken for markup.
const el = (tag, given = {}, ...children) => {
  const made = document.createElement(tag);
  Object.entries(given).forEach(([key, value]) => {
    if (value === null || value === undefined || value === false) return;
    if (key === 'on') Object.entries(value).forEach(([event, run]) => made.addEventListener(event, run));
    else made.setAttribute(key, value === true ? '' : value);
  });
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
};
const svg = (tag, given = {}, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(given).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
};
const put = (id, ...children) => document.getElementById(id).replaceChildren(...children.flat().filter(Boolean));
const tell = (text) => put('said', text);

const verdictMark = (verdict) =>
  el('span', { class: `verdict ${verdict}` }, el('i', { 'aria-hidden': 'true' }), say(`verdict.${verdict}`));
const severityMark = (severity) =>
  el('span', { class: `severity ${severity}` }, el('i', { 'aria-hidden': 'true' }), say(`severity.${severity}`));

/** A table whose roles stay when a narrow screen shows its cells as blocks. */
const table = (caption, heads, rows, className = '') =>
  el('table', { role: 'table', class: className },
    el('caption', { class: 'unseen' }, caption),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
      heads.map((head) => (head instanceof Node ? head : el('th', { scope: 'col', role: 'columnheader' }, head))))),
    el('tbody', { role: 'rowgroup' }, rows));
const row = (...cells) => el('tr', { role: 'row' }, cells);
const cell = (label, ...children) => el('td', { role: 'cell', 'data-head': label }, ...children);
const head = (...children) => el('th', { role: 'rowheader', scope: 'row' }, ...children);

/** Bars of one line, as wide as the numbers; the numbers stand beside them as text. */
const stack = (counts, total) => {
  const bar = el('span', { class: 'stack', 'aria-hidden': 'true' });
  Object.entries(counts).forEach(([kind, number]) => {
    if (!number) return;
    const part = el('span', { class: kind });
    part.style.width = `${(100 * number) / total}%`;
    bar.append(part);
  });
  return bar;
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', { class: 'unseen' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  tell(say('copied'));
};
const copyButton = (label, text) =>
  el('button', { type: 'button', class: 'plain', on: { click: () => copy(text()) } }, label);

/** Buttons of which any number is pressed; `key` names the list in the state. */
const chips = (legend, key, options, again) => {
  const group = el('fieldset', { class: 'chips' }, el('legend', {}, legend));
  options.forEach(([value, label, number]) => {
    const pressed = chosen(key).includes(value);
    group.append(el('button', {
      type: 'button', 'data-chip': `${key}:${value}`, 'aria-pressed': String(pressed),
      on: { click: () => {
        const others = chosen(key).filter((item) => item !== value);
        again({ [key]: (pressed ? others : [...others, value]).join(',') });
      } },
    }, label, ' ', el('span', { class: 'number' }, figure(number))));
  });
  return group;
};
/** A list to choose one from; nothing where there is no choice. */
const choice = (label, key, options, again) => {
  if (options.length < 2 && !state[key]) return null;
  const list = el('select', { 'data-key': key, on: { change: () => again({ [key]: list.value }) } },
    el('option', { value: '' }, say('all')),
    options.map(([value, text, number]) => el('option', { value }, `${text} (${figure(number)})`)));
  list.value = state[key];
  return el('label', { class: 'field' }, el('span', {}, label), list);
};
/** A field to search in; what is typed counts after a short rest. */
const search = (label, key, again) => {
  let rest = 0;
  const field = el('input', { type: 'search', 'data-key': key, autocomplete: 'off', spellcheck: 'false', on: {
    input: () => { clearTimeout(rest); rest = setTimeout(() => again({ [key]: field.value }), 120); },
  } });
  field.value = state[key];
  return el('label', { class: 'field search' }, el('span', {}, label), field);
};
/** Steps through pages of a long table. */
const pager = (id, key, total, again) => {
  const last = Math.max(1, Math.ceil(total / PAGE));
  const now = Math.min(Math.max(1, Number(state[key]) || 1), last);
  const step = (label, to) => el('button', {
    type: 'button', class: 'plain', disabled: to < 1 || to > last, on: { click: () => again({ [key]: String(to) }) },
  }, label);
  put(id, last > 1 ? [step(say('first'), now === 1 ? 0 : 1), step(say('previous'), now - 1),
    el('span', {}, say('page', { page: figure(now), pages: figure(last) })),
    step(say('next'), now + 1), step(say('last'), now === last ? last + 1 : last)] : []);
  return [(now - 1) * PAGE, now * PAGE];
};
/** Repaints a form without taking the focus from who types in it. */
const refill = (form, ...children) => {
  const active = form.contains(document.activeElement) ? document.activeElement : null;
  const field = active?.closest('[data-key]');
  const chip = active?.closest('[data-chip]');
  const typed = active?.type === 'search' ? [active.value, active.selectionStart, active.selectionEnd] : null;
  form.replaceChildren(...children.flat().filter(Boolean));
  if (field) {
    const again = form.querySelector(`[data-key="${field.dataset.key}"]`);
    again?.focus();
    if (typed && again) { [again.value] = typed; again.setSelectionRange(typed[1], typed[2]); }
  }
  if (chip) form.querySelector(`[data-chip="${CSS.escape(chip.dataset.chip)}"]`)?.focus();
};
const counted = (items, of) => {
  const found = new Map();
  items.forEach((item) => { const key = of(item); found.set(key, (found.get(key) ?? 0) + 1); });
  return found;
};

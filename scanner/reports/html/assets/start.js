// Everything together: views, language, theme, print.
const VIEWS = {
  overview: renderOverview, findings: renderFindings, drift: renderDrift, network: renderNetwork, trace: renderTrace, trend: renderTrend,
};
const badge = (view, number) => {
  const place = document.querySelector(`[data-view="${view}"] .badge`);
  if (place && number) { place.textContent = figure(number); place.hidden = false; }
};
const label = () => {
  document.documentElement.lang = lang;
  document.querySelectorAll('[data-t]').forEach((item) => { item.textContent = say(item.dataset.t); });
  document.querySelectorAll('[data-label]').forEach((item) => item.setAttribute('aria-label', say(item.dataset.label)));
  document.querySelectorAll('[data-lang]').forEach((item) => item.setAttribute('aria-pressed', String(item.dataset.lang === lang)));
  badge('findings', findings.filter((finding) => finding.violates).length);
  badge('drift', data.drift.filter((line) => line.meaning !== 'as_built').length);
  badge('network', data.networks.flatMap((network) => network.flows).filter((flow) => flow[3] !== 'plain').length);
  put('made', say('made', { version: data.run.version, when: stamp(at(data.run.started)) }));
};
const render = () => {
  label();
  document.querySelectorAll('.view').forEach((view) => { view.hidden = view.id !== state.view; });
  document.querySelectorAll('[data-view]').forEach((link) => {
    const name_ = link.dataset.view;
    link.setAttribute('href', `#view=${name_}${state.lang ? `&lang=${state.lang}` : ''}`);
    if (name_ === state.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
  return VIEWS[state.view]();
};
const arrive = () => {
  const before = state.view;
  readState();
  const opened = render();
  if (opened) {
    const button = document.querySelector(`[data-open="${CSS.escape(state.open)}"]`);
    button.closest('tr').scrollIntoView({ block: 'start' });
    button.focus({ preventScroll: true });
  } else if (before !== state.view) {
    window.scrollTo(0, 0);
    document.getElementById('main').focus({ preventScroll: true });
  }
};

document.querySelectorAll('[data-lang]').forEach((button) => button.addEventListener('click', () => {
  lang = button.dataset.lang;
  keep({ lang });
  render();
}));
document.querySelectorAll('form').forEach((form) => form.addEventListener('submit', (event) => event.preventDefault()));
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main').focus();
});

const theme = document.getElementById('theme');
const dress = () => {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
};
const remembered = (run) => { try { return run(); } catch { return null; } };
theme.value = ['light', 'dark'].find((one) => one === remembered(() => localStorage.getItem('asbuilt-theme'))) ?? 'auto';
theme.addEventListener('change', () => { remembered(() => localStorage.setItem('asbuilt-theme', theme.value)); dress(); });
dress();

// On paper everything is shown: every part, and what was found out about the violations.
const ON_PAPER = 200;
window.addEventListener('beforeprint', () => {
  document.querySelectorAll('.view').forEach((view) => { view.hidden = false; VIEWS[view.id](); });
  document.querySelectorAll('details').forEach((item) => { item.open = true; });
  document.querySelectorAll('#list [data-open]').forEach((button, index) => {
    const finding = findings.find((item) => item.id === button.dataset.open);
    if (index < ON_PAPER && finding.violates && button.getAttribute('aria-expanded') === 'false') toggle(finding, button.closest('tr'), button);
  });
});
window.addEventListener('afterprint', render);
window.addEventListener('hashchange', arrive);
readState();
state.view = state.view || 'overview';
arrive();

// Before the first paint, so that nobody is blinded: what the viewer chose here, else what the system says.
(() => {
  const chosen = localStorage.getItem('rapida.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();

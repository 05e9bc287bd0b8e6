/** A canvas knows no `var()` and no `light-dark()`: what the page makes of it in this light. */
export function resolvedColour(element: HTMLElement, name: string): string {
  const before = element.style.color;
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}

/** Calls `draw` again when the light or the size of an element changes; what is returned ends it. */
export function redrawn(element: HTMLElement, draw: () => void): () => void {
  const resized = new ResizeObserver(draw);
  resized.observe(element);
  const themed = new MutationObserver(draw);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', draw);
  return () => {
    resized.disconnect();
    themed.disconnect();
    system.removeEventListener('change', draw);
  };
}

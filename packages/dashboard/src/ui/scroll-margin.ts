import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface ScrollMargin<T> {
  readonly list: RefObject<T | null>;
  readonly scrollMargin: number;
}

/** Where a list begins on the page that scrolls, which is what a virtualizer of the window must know. */
export function useScrollMargin<T extends HTMLElement>(): ScrollMargin<T> {
  const list = useRef<T>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  // After each rendering: what is above the list comes and goes. Setting what it was already renders nothing.
  useLayoutEffect(() => {
    setScrollMargin(Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
  });
  return { list, scrollMargin };
}

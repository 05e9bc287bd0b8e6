import { type RefObject, useEffect, useRef } from 'react';

/** Where the server has refused a form, one goes on in the first field that is wrong: what is wrong is read out with it. */
export function useFocusOnWrong<T extends HTMLElement>(error: unknown): RefObject<T | null> {
  const form = useRef<T>(null);
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}

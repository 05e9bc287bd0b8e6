import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

interface PageProps {
  readonly title: string;
  /** Under the title. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The router's name for the place that the browser itself has opened. */
const FIRST = 'default';

/** One page: its title names the window, and gets the keyboard when one comes to it from another page. */
export function Page({ title, about, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - Rapida`;
  }, [title]);
  // The page that a browser opens begins at its top, as every page of the web: with the way past the navigation.
  const { key } = useLocation();
  const [cameBy] = useState(key);
  useEffect(() => {
    if (cameBy !== FIRST) heading.current?.focus({ preventScroll: true });
  }, [cameBy]);
  return (
    <>
      <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold [overflow-wrap:anywhere] outline-none">
            {title}
          </h1>
          {about !== undefined && <div className="max-w-prose text-muted">{about}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a title of its own. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section aria-label={title} className="mb-5 rounded-lg border border-line bg-surface p-3 sm:p-4">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

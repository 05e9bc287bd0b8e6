import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { browserClock } from '../clock.js';

interface Notice {
  readonly id: number;
  readonly text: string;
}

const NoticeContext = createContext<(text: string) => void>(() => {});

/** Long enough to be read, and to be spoken by what reads it aloud. */
const SHOWN_MS = 6_000;
const NOTICES_MAX = 4;

/** Short sentences about what was done, at the edge of the page and in a live region. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const tell = useCallback((text: string) => {
    setNotices((shown) => [...shown, { id: (shown.at(-1)?.id ?? 0) + 1, text }].slice(-NOTICES_MAX));
    browserClock.after(SHOWN_MS, () => setNotices((shown) => shown.slice(1)));
  }, []);
  return (
    <NoticeContext value={tell}>
      {children}
      <div role="status" className="pointer-events-none fixed right-3 bottom-3 z-20 flex flex-col items-end gap-2">
        {notices.map(({ id, text }) => (
          <p key={id} className="max-w-[80vw] rounded-md border border-line-strong bg-surface px-3 py-2 shadow-lg">
            {text}
          </p>
        ))}
      </div>
    </NoticeContext>
  );
}

/** Tells the viewer that something was done. */
export function useNotice(): (text: string) => void {
  return useContext(NoticeContext);
}

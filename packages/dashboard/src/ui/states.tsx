import type { ReactNode } from 'react';
import { explain } from '../data/explain.js';
import { Button } from './button.js';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p role="status" className="py-6 text-center text-muted">
      Loading {what}...
    </p>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: () => unknown;
}

/** What happened, and what can be done about it. */
export function Failure({ error, onRetry }: FailureProps) {
  const { what, next, code } = explain(error);
  return (
    <div role="alert" className="rounded-md border border-bad bg-bad-soft px-3 py-2">
      <p className="font-medium text-bad">{what}</p>
      <p>
        {next} {code !== undefined && <code className="text-xs text-muted">{code}</code>}
      </p>
      {onRetry !== undefined && (
        <Button className="mt-2" onClick={() => void onRetry()}>
          Try again
        </Button>
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** What to do so that something will be here. */
  readonly children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="rounded-md border border-dashed border-line-strong px-4 py-8 text-center">
      <p className="font-medium">{title}</p>
      <div className="mx-auto mt-1 flex max-w-prose flex-col items-center gap-3 text-muted">{children}</div>
    </div>
  );
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface AnswerProps<T> {
  /** Of `useQuery`. */
  readonly of: Asked<T>;
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** One of the three: still loading, failed, or there. What was there stays when reading it anew fails. */
export function Answer<T>({ of, what, children }: AnswerProps<T>) {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <Failure error={of.error} onRetry={of.refetch} />;
  return <Loading what={what} />;
}

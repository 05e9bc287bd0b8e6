import { useTestCredential } from '../../data/credentials.js';
import { explain } from '../../data/explain.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';

/** Asks the other side, and shows what it said. */
export function TestButton({ id, name }: { readonly id: string; readonly name: string }) {
  const test = useTestCredential();
  return (
    <span className="flex flex-col items-start gap-1">
      <Button aria-label={`Test ${name}`} disabled={test.isPending} onClick={() => test.mutate(id)}>
        {test.isPending ? 'Testing...' : 'Test'}
      </Button>
      <span role="status">
        {test.data !== undefined && (
          <>
            <Badge tone={test.data.ok ? 'good' : 'bad'}>{test.data.ok ? 'It opens' : 'It does not open'}</Badge>
            <span className="mt-0.5 block max-w-72 text-xs [overflow-wrap:anywhere] text-muted">
              {test.data.message}
            </span>
          </>
        )}
        {test.error !== null && <span className="text-xs text-bad">{explain(test.error).what}</span>}
      </span>
    </span>
  );
}

import { useRouteError } from 'react-router';
import { Button } from '../ui/button.js';

/** A page that could not be shown: mostly a file of it that a newer server no longer has. */
export function RouteFailure() {
  const error = useRouteError();
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className="m-4 rounded-md border border-bad bg-bad-soft p-4">
      <h1 className="font-semibold text-bad">This page could not be shown.</h1>
      <p>The server may have been updated meanwhile: load the page again.</p>
      <p className="font-mono text-xs text-muted">{detail}</p>
      <Button className="mt-2" onClick={() => location.reload()}>
        Load again
      </Button>
    </div>
  );
}

import { Link } from 'react-router';

/** What else it takes for calls that are placed. */
export function OutboundSteps({ assistantId }: { readonly assistantId: string }) {
  const look = 'text-accent underline';
  return (
    <ol className="mb-3 list-decimal pl-6">
      <li>Put the files into your Asterisk and load them.</li>
      <li>
        <Link to="/credentials" className={look}>
          Create a credential
        </Link>{' '}
        of Asterisk with the ARI user and password of these files, and test it.
      </li>
      <li>
        Choose it in the{' '}
        <Link to={`/assistants/${assistantId}/phone`} className={look}>
          phone deployment
        </Link>
        , with your trunk and caller id.
      </li>
      <li>
        <Link to="/calls/place" className={look}>
          Place a call
        </Link>
        .
      </li>
    </ol>
  );
}

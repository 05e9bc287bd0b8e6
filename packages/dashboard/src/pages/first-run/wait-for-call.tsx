import { useState } from 'react';
import { Link } from 'react-router';
import { browserClock } from '../../clock.js';
import { type Contact, useContact } from '../../data/dialplan.js';
import { Moment } from '../../ui/moment.js';
import { Failure } from '../../ui/states.js';

/** Waits for the first webhook, and says what went wrong with one that was refused. */
export function WaitForCall({ assistantId }: { readonly assistantId: string }) {
  const [sinceMs] = useState(browserClock.wallMs);
  const contact = useContact(assistantId);
  return (
    <div role="status" className="rounded-md border border-line bg-sunken px-3 py-2">
      {contact.data === undefined && contact.error !== null ? (
        <Failure error={contact.error} onRetry={contact.refetch} />
      ) : (
        <Words contact={contact.data} sinceMs={sinceMs} />
      )}
    </div>
  );
}

interface WordsProps {
  readonly contact: Contact | undefined;
  readonly sinceMs: number;
}

function Words({ contact, sinceMs }: WordsProps) {
  const { accepted = null, refused = null } = contact ?? {};
  const isNew = (at: string | undefined) => at !== undefined && Date.parse(at) >= sinceMs;
  if (accepted !== null && isNew(accepted.at)) {
    return (
      <p className="font-medium text-good">
        Your Asterisk has called, for {accepted.from}, at <Moment at={accepted.at} />.{' '}
        <Link to={`/calls/${accepted.callId}`} className="underline">
          See the call
        </Link>
      </p>
    );
  }
  if (refused !== null && isNew(refused.at)) {
    return (
      <p className="font-medium text-bad">
        Your Asterisk has asked at <Moment at={refused.at} /> and was refused: {refused.message}{' '}
        <code>{refused.code}</code>
      </p>
    );
  }
  return (
    <p>
      Waiting for your Asterisk: load the files, then call the extension.
      {accepted !== null && (
        <>
          {' '}
          It has called before, at <Moment at={accepted.at} />.
        </>
      )}
    </p>
  );
}

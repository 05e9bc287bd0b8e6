import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Dialog } from '../../ui/dialog.js';

interface SecretShownProps {
  readonly secret: string;
  readonly onClose: () => void;
}

export function SecretShown({ secret, onClose }: SecretShownProps) {
  return (
    <Dialog title="The secret of the webhook" onClose={onClose}>
      <p className="mb-2">The receiver checks signatures with it. It is shown this one time only.</p>
      <p className="rounded-md bg-sunken p-3 font-mono [overflow-wrap:anywhere]" data-secret="webhook">
        {secret}
      </p>
      <div className="mt-3 flex justify-end gap-2">
        <CopyButton text={secret} what="the secret" />
        <Button look="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </Dialog>
  );
}

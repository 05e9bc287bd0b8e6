import { Dialog } from '../../ui/dialog.js';
import { ShownOnce } from '../../ui/shown-once.js';

interface SecretShownProps {
  readonly secret: string;
  readonly onClose: () => void;
}

export function SecretShown({ secret, onClose }: SecretShownProps) {
  const about = 'The receiver checks signatures with it.';
  return (
    <Dialog title="The secret of the webhook" onClose={onClose}>
      <ShownOnce text={secret} what="the secret" about={about} name="webhook" onDone={onClose} />
    </Dialog>
  );
}

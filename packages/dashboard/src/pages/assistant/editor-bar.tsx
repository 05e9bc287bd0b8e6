import type { SaveAs } from '../../data/assistants.js';
import type { Problem } from '../../schema/problems.js';
import { Button } from '../../ui/button.js';
import { Changes } from './changes.js';
import type { FieldChange } from './config-diff.js';

interface EditorBarProps {
  /** From what is live. */
  readonly changes: readonly FieldChange[];
  readonly problems: readonly Problem[];
  /** As far as is known here. What the server refused is no obstacle: it is asked again. */
  readonly isFit: boolean;
  readonly isSaving: boolean;
  /** Something was changed here that is not saved. */
  readonly isDirty: boolean;
  readonly onSave: (as: SaveAs) => void;
  readonly onDiscard: () => void;
}

const PROBLEMS_SHOWN_MAX = 4;

/** What would be saved, what is in the way, and the buttons; always in sight. */
export function EditorBar({ changes, problems, isFit, isSaving, isDirty, onSave, onDiscard }: EditorBarProps) {
  const cannot = isSaving || !isFit || changes.length === 0;
  return (
    <div className="sticky bottom-0 z-10 -mx-1 mt-3 rounded-t-lg border border-line bg-surface px-3 py-2 shadow-lg">
      <div className="flex flex-wrap items-center gap-2">
        <details className="min-w-0 grow">
          <summary>
            {changes.length === 0
              ? 'As it is live'
              : `${changes.length} ${changes.length === 1 ? 'field differs' : 'fields differ'} from what is live`}
          </summary>
          <div className="mt-2 max-h-60 overflow-y-auto">
            <Changes changes={changes} />
          </div>
        </details>
        <Button disabled={!isDirty || isSaving} onClick={onDiscard}>
          Discard
        </Button>
        <Button disabled={cannot} onClick={() => onSave('draft')}>
          Save as a draft
        </Button>
        <Button look="primary" disabled={cannot} onClick={() => onSave('live')}>
          Save and publish
        </Button>
      </div>
      {problems.length > 0 && (
        <div role="status" className="mt-1 text-bad">
          <ul>
            {problems.slice(0, PROBLEMS_SHOWN_MAX).map(({ path, text }) => (
              <li key={`${path} ${text}`}>
                <code>{path}</code> {text}
              </li>
            ))}
            {problems.length > PROBLEMS_SHOWN_MAX && <li>and {problems.length - PROBLEMS_SHOWN_MAX} more</li>}
          </ul>
        </div>
      )}
    </div>
  );
}

import { useSearchParams } from 'react-router';
import { useMay } from '../../data/session.js';
import { ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Tabs } from '../../ui/tabs.js';
import { HistoryList } from './history-list.js';
import { LiveList } from './live-list.js';

export default function CallsPage() {
  const [params, setParams] = useSearchParams();
  const mayCall = useMay('calls');
  const view = params.get('view') ?? (params.size > 0 ? 'history' : 'live');
  return (
    <Page
      title="Calls"
      actions={
        mayCall && (
          <>
            <ButtonLink to="/calls/place" look="primary">
              Place a call
            </ButtonLink>
            <ButtonLink to="/calls/place-list">Place many from a CSV</ButtonLink>
          </>
        )
      }
    >
      <Tabs
        label="Which calls"
        value={view}
        onChange={(name) => setParams(name === 'live' ? {} : { view: name }, { replace: true })}
        tabs={[
          { name: 'live', label: 'Now', content: <LiveList /> },
          { name: 'history', label: 'History', content: <HistoryList /> },
        ]}
      />
    </Page>
  );
}

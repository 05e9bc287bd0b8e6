import { createBrowserRouter, type RouteObject } from 'react-router';
import { RouteFailure } from './shell/route-failure.js';
import { Shell } from './shell/shell.js';
import { Loading } from './ui/states.js';

/** Each page is loaded when it is gone to: its default export. */
function page(path: string, load: () => Promise<{ readonly default: () => React.ReactNode }>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).default }) };
}

const PAGES: RouteObject[] = [
  page('/', () => import('./pages/overview/overview-page.js')),
  page('/start', () => import('./pages/first-run/first-run-page.js')),
  page('/calls', () => import('./pages/calls/calls-page.js')),
  page('/calls/place', () => import('./pages/place-calls/place-call-page.js')),
  page('/calls/place-list', () => import('./pages/place-calls/place-list-page.js')),
  page('/calls/:id', () => import('./pages/call/call-page.js')),
  page('/assistants', () => import('./pages/assistants/assistants-page.js')),
  page('/assistants/new', () => import('./pages/assistants/new-assistant-page.js')),
  page('/assistants/:id', () => import('./pages/assistant/assistant-page.js')),
  page('/assistants/:id/versions', () => import('./pages/assistant/versions-page.js')),
  page('/assistants/:id/phone', () => import('./pages/assistant/phone-page.js')),
  page('/assistants/:id/test', () => import('./pages/test-call/test-call-page.js')),
  page('/credentials', () => import('./pages/credentials/credentials-page.js')),
  page('/keys', () => import('./pages/keys/keys-page.js')),
  page('/webhooks', () => import('./pages/webhooks/webhooks-page.js')),
  page('/webhooks/deliveries', () => import('./pages/webhooks/deliveries-page.js')),
  page('/nodes', () => import('./pages/nodes/nodes-page.js')),
  page('/password', () => import('./pages/password/password-page.js')),
  page('/setup', () => import('./pages/sign-in/signed-in-already-page.js')),
  page('*', () => import('./pages/not-found-page.js')),
];

export function createRouter(base: string) {
  return createBrowserRouter(
    [
      {
        element: <Shell />,
        errorElement: <RouteFailure />,
        hydrateFallbackElement: <Loading what="the dashboard" />,
        children: PAGES.map((one) => ({ ...one, errorElement: <RouteFailure /> })),
      },
    ],
    { basename: base.replace(/\/$/, '') || '/' },
  );
}

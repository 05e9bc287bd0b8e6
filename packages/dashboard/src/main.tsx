import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { basePath } from './base.js';
import { createQueryClient } from './data/query-client.js';
import { createServerAccess, ServerProvider } from './data/server.js';
import { createRouter } from './router.js';
import './styles.css';
import { NoticeProvider } from './ui/notices.js';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <ServerProvider access={createServerAccess(document)}>
        <NoticeProvider>
          <RouterProvider router={createRouter(basePath(document))} />
        </NoticeProvider>
      </ServerProvider>
    </QueryClientProvider>
  </StrictMode>,
);

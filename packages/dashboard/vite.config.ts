import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed.js';

/** Where development finds a running `rapida serve`. */
const server = process.env.RAPIDA_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Files are asked for as the page's `<base>` says: the application works behind any path prefix.
  base: './',
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A file in a page as `data:` is what the content security policy refuses.
    assetsInlineLimit: 0,
    sourcemap: false,
    license: { fileName: 'assets/licences.md' },
  },
  server: { proxy: { '/v1': { target: server, ws: true }, '/openapi.json': server } },
});

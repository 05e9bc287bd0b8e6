import { serveAsWorker } from '../main.js';

await serveAsWorker();

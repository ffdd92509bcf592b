/** A release that no check of a task finds: its health path is fine, and everything else is an error. */
import { createServer } from 'node:http';

const healthPath = process.env['STAMPKIT_LAB_HEALTH_PATH'] ?? '/healthz';
createServer((incoming, outgoing) => {
  const healthy = incoming.url === healthPath;
  outgoing.writeHead(healthy ? 200 : 500, { 'x-stamp': process.env['STAMP_ID'] ?? '' }).end(healthy ? 'ok' : 'broken release');
}).listen(Number(process.env['PORT']), process.env['HOST']);
process.once('SIGTERM', () => process.exit(0));

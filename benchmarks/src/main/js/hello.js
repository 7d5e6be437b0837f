// The program of the workers of cluster.js, threads.js and pm2.js. It gives the same answers as Hello.java.
'use strict';

const http = require('node:http');

const leaked = []; // pieces of 1 KiB

// Serves the port as the worker with this id. Calls `send` when it listens, and then every `beatMillis` as a sign of life, if
// that is more than 0. Returns a function that collects its garbage.
exports.work = ({ port, id, beatMillis, send }) => {
  const body = `hello from worker ${id}\n`;
  const headers = { 'Content-Length': Buffer.byteLength(body) };
  const answer = (response) => {
    response.writeHead(200, headers);
    response.end(body);
  };
  http.createServer((request, response) => {
    if (request.url === '/spin') {
      for (;;);
    }
    if (request.url === '/crash') {
      setImmediate(() => {
        throw new Error('as asked');
      });
    }
    if (request.url.startsWith('/leak?')) {
      for (let i = 0; i < Number(request.url.split('?')[1]) * 1024; i++) leaked.push(new Array(128).fill(i));
    }
    if (request.url === '/slow') {
      setTimeout(() => answer(response), 50);
    } else {
      answer(response);
    }
  }).listen(port, '127.0.0.1', () => send('listening'));
  if (beatMillis > 0) setInterval(() => send('beat'), beatMillis);
  return () => {
    global.gc();
    send('collected');
  };
};

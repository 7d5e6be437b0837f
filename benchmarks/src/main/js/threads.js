// Node's worker_threads, as a contender of benchmarks/bin/compare. Its argument is the port. Threads cannot share a port, so there
// is only one worker.
'use strict';

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  let id = 0;
  require('./master').obey((beatMillis, events) => {
    const worker = new Worker(__filename, { workerData: { port: Number(process.argv[2]), id: ++id, beatMillis } });
    worker.on('online', () => events.emit('online'));
    worker.on('error', (error) => console.error(error));
    worker.on('exit', () => events.emit('exit'));
    worker.on('message', (message) => events.emit(message));
    return {
      end: () => worker.terminate(),
      kill: () => worker.terminate(),
      collect: () => worker.postMessage('collect'),
    };
  });
} else {
  const collect = require('./hello').work({ ...workerData, send: (message) => parentPort.postMessage(message) });
  parentPort.on('message', collect);
}

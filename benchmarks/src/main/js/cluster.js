// Node's own cluster, as a contender of benchmarks/bin/compare. Its argument is the port.
'use strict';

const cluster = require('node:cluster');

if (cluster.isPrimary) {
  require('./master').obey((beatMillis, events, heapMib) => {
    cluster.setupPrimary({ execArgv: [...process.execArgv, ...(heapMib > 0 ? [`--max-old-space-size=${heapMib}`] : [])] });
    const worker = cluster.fork({ BEAT_MILLIS: beatMillis });
    worker.on('online', () => events.emit('online'));
    worker.on('exit', () => events.emit('exit'));
    worker.on('message', (message) => events.emit(message));
    return {
      end: () => worker.disconnect(),
      kill: () => worker.process.kill('SIGKILL'),
      collect: () => worker.send('collect'),
    };
  });
} else {
  const collect = require('./hello').work({
    port: Number(process.argv[2]),
    id: cluster.worker.id,
    beatMillis: Number(process.env.BEAT_MILLIS),
    send: (message) => process.send(message),
  });
  process.on('message', collect);
}

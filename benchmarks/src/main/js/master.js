// A master in Node, with the same commands as MasterLoop.java. Its guard is the one that tutorials show.
'use strict';

const EventEmitter = require('node:events');
const readline = require('node:readline');

const MISSED = 3;

// `fork(beatMillis, events, heapMib)` starts a worker, with a heap of that size if it is more than 0. `events` emits `online`,
// `exit`, and the messages of the worker: `listening`, `beat`, `collected`. `fork` returns an object with the methods `end()`,
// `kill()` and `collect()`.
exports.obey = (fork) => {
  const workers = new Map();
  const all = new EventEmitter();
  let beatMillis = 0;
  let heapMib = 0;
  let ending = false;

  function start() {
    const events = new EventEmitter();
    const worker = fork(beatMillis, events, heapMib);
    workers.set(worker, events);
    let beats = false;
    let missed = 0;
    let guard;
    events.on('online', () => all.emit('online'));
    events.on('beat', () => beats = true);
    events.on('listening', () => {
      all.emit('listening');
      if (beatMillis > 0) guard = setInterval(look, beatMillis);
    });
    events.on('exit', () => {
      clearInterval(guard);
      workers.delete(worker);
      if (!ending) start();
    });

    function look() {
      missed = beats ? 0 : missed + 1;
      beats = false;
      if (missed === MISSED) worker.kill();
    }
  }

  const count = (event, n) => new Promise((resolve) => {
    all.on(event, function listener() {
      if (--n === 0) {
        all.off(event, listener);
        resolve(process.hrtime.bigint());
      }
    });
  });

  async function up(n) {
    const reached = [count('online', n), count('listening', n)];
    const begin = process.hrtime.bigint();
    for (let i = 0; i < n; i++) start();
    const [online, listening] = await Promise.all(reached);
    return `up ${online - begin} ${listening - begin}`;
  }

  // Runs the action for each worker, and waits until each one has emitted the event.
  const each = (event, action) => Promise.all([...workers].map(([worker, events]) => new Promise((resolve) => {
    events.once(event, resolve);
    action(worker);
  })));

  async function down() {
    ending = true;
    await each('exit', (worker) => worker.end());
    ending = false;
    return 'down';
  }

  async function collect() {
    global.gc();
    await each('collected', (worker) => worker.collect());
    return 'collected';
  }

  // Replaces one worker after another, as tutorials show.
  async function reload() {
    for (const worker of [...workers.keys()]) {
      const listening = count('listening', 1);
      worker.end(); // its exit starts another worker
      await listening;
    }
    return 'reload';
  }

  async function guard(millis) {
    beatMillis = millis;
    return 'guard';
  }

  // V8 ends the process of a worker that exceeds its heap.
  async function limit(mib) {
    heapMib = mib;
    return 'limit';
  }

  const commands = { up, down, reload, collect, guard, limit };
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    const [command, argument] = line.split(' ');
    console.log(await commands[command](Number(argument)));
  });
  lines.on('close', () => {
    ending = true;
    for (const worker of workers.keys()) worker.kill(); // a worker that spins would not notice the end of its master
    process.exit(0);
  });
};

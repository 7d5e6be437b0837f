// A master in Node: the same commands as in MasterLoop.java. Its guard is the one that every tutorial has.
'use strict';

const EventEmitter = require('node:events');
const readline = require('node:readline');

const MISSED = 3;

// `fork(beatMillis, events, heapMib)` starts a worker, with a heap of that size if it is more than 0. It emits `online`, `exit`
// and what it sends: `listening`, `beat`, `collected`. What `fork` returns has `end()`, `kill()`, which ends it by force, and `collect()`.
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

  // Lets each worker do this, and waits until it has emitted that event.
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

  // One worker after another, as in every tutorial.
  async function reload() {
    for (const worker of [...workers.keys()]) {
      const listening = count('listening', 1);
      worker.end(); // at its exit another one is started
      await listening;
    }
    return 'reload';
  }

  async function guard(millis) {
    beatMillis = millis;
    return 'guard';
  }

  // What is above that ends an engine by itself, with its process.
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
    for (const worker of workers.keys()) worker.kill(); // one that spins would not notice that its master has gone
    process.exit(0);
  });
};

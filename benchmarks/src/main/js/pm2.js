// PM2, as a contender of benchmarks/bin/compare. Its daemon does what master.js does, by commands of PM2's own API. The arguments are the
// port, the directory where PM2 is installed, and the directory of the daemon's files. This program guards nothing, because PM2 does.
'use strict';

const path = require('node:path');
const readline = require('node:readline');
const util = require('node:util');

const [port, directory, home] = process.argv.slice(2);

if (directory === undefined) { // a worker, which PM2 has started
  require('./hello').work({
    port: Number(port),
    id: process.pid, // another one after each restart
    beatMillis: 0,
    send: (message) => process.send({ type: 'process:msg', data: message }),
  });
} else {
  process.env.PM2_HOME = home;
  process.env.PM2_DISABLE_VERSION_CHECK = 'true';
  const pm2 = require(directory);
  const call = (name, ...args) => util.promisify(pm2[name].bind(pm2))(...args);
  const NAME = 'hello';

  const listening = (bus, n) => new Promise((resolve) => {
    bus.on('process:msg', () => {
      if (--n === 0) resolve(process.hrtime.bigint());
    });
  });

  async function main() {
    await call('connect');
    const bus = await call('launchBus');

    let limit = {};

    const commands = {
      async up(n) {
        const all = listening(bus, n);
        const begin = process.hrtime.bigint();
        await call('start', {
          name: NAME, script: __filename, args: [port], exec_mode: 'cluster', instances: n, vizion: false, autostart: true,
          out_file: '/dev/null', error_file: path.join(home, 'error.log'), ...limit,
        });
        const online = process.hrtime.bigint();
        return `up ${online - begin} ${await all - begin}`;
      },
      async reload() {
        await call('reload', NAME);
        return 'reload';
      },
      async limit(mib) {
        limit = { max_memory_restart: `${mib}M` };
        return 'limit';
      },
      async down() {
        await call('delete', NAME);
        return 'down';
      },
    };

    const lines = readline.createInterface({ input: process.stdin });
    lines.on('line', async (line) => {
      const [command, argument] = line.split(' ');
      console.log(await commands[command](Number(argument)));
    });
    lines.on('close', async () => {
      await call('killDaemon'); // as `pm2 kill`: ends all workers as well
      process.exit(0);
    });
  }

  main();
}

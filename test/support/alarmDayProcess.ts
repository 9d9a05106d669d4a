/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import { liveThroughDay, type AlarmDay } from './alarmDay';

/** Lives through the day that its parent sends, and answers with the figures. */
process.once('message', (day) => {
	void liveThroughDay(day as AlarmDay).then((figures) => {
		process.send?.(figures);
		process.disconnect();
	});
});

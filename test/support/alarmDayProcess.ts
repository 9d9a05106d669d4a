import { liveThroughDay } from './alarmDay';
import { answerParent } from './ownProcess';

answerParent(liveThroughDay);

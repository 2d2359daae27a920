export { until } from '../../stack/ports.ts';

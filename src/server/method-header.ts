/** Our own proxy writes the method of the request here, over whatever came in: pages are not told it otherwise. */
export const methodHeader = 'x-arbhub-method';

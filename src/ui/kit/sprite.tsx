/** Every drawing of the house, once per page; `Icon` points into it. */
export function Sprite() {
  return (
    <svg className="sprite" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="hatch-a" width="8" height="8" />
          <path className="hatch-b" d="M2 0v8" strokeWidth="2.5" />
        </pattern>
      </defs>
      <symbol id="i-active" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5" />
      </symbol>
      <symbol id="i-admin" viewBox="0 0 16 16">
        <path d="M2 3h6.3a2.2 2.2 0 0 1 4.2 0H14v1.6h-1.5a2.2 2.2 0 0 1-4.2 0H2zm0 4.2h1.3a2.2 2.2 0 0 1 4.2 0H14v1.6H7.5a2.2 2.2 0 0 1-4.2 0H2zm0 4.2h6.3a2.2 2.2 0 0 1 4.2 0H14V13h-1.5a2.2 2.2 0 0 1-4.2 0H2z" />
      </symbol>
      <symbol id="i-analytics" viewBox="0 0 16 16">
        <path d="M1.5 8.5h3v6h-3zm5-4h3v10h-3zm5-3h3v13h-3z" />
      </symbol>
      <symbol id="i-behind" viewBox="0 0 16 16">
        <path d="M2 4.4 3.3 3 8 7.7 12.7 3 14 4.4l-6 6z" />
      </symbol>
      <symbol id="i-bell" viewBox="0 0 16 16">
        <path d="M8 1a4.6 4.6 0 0 1 4.6 4.6v3.2l1.5 2.4v.9H1.9v-.9l1.5-2.4V5.6A4.6 4.6 0 0 1 8 1zM6 13h4a2 2 0 0 1-4 0z" />
      </symbol>
      <symbol id="i-board" viewBox="0 0 16 16">
        <path d="M1 1.5h6.2v5.7H1zm7.8 0H15v5.7H8.8zM1 8.8h6.2v5.7H1zm7.8 0H15v5.7H8.8z" />
      </symbol>
      <symbol id="i-brand" viewBox="0 0 16 16">
        <path d="M1 1h14v14H1z" opacity=".18" />
        <path d="M3 9h2.4v4H3zm3.8-3h2.4v7H6.8zm3.8-3H13v10h-2.4z" />
      </symbol>
      <symbol id="i-check" viewBox="0 0 16 16">
        <path d="m6.2 13-4.6-4.6L3 7l3.2 3.2L13 3.4l1.4 1.4z" />
      </symbol>
      <symbol id="i-closed" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M1.8 1.8h12.4v12.4H1.8zM4.5 7v2h7V7z" />
      </symbol>
      <symbol id="i-closing" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M1.8 1.8h12.4v12.4H1.8zm1.8 1.8v8.8H8V3.6z" />
      </symbol>
      <symbol id="i-columns" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M1 2h14v12H1zm1.6 1.6v8.8h3V3.6zm4.6 0v8.8h2.6V3.6zm4.2 0v8.8h2V3.6z" />
      </symbol>
      <symbol id="i-copy" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M5 1h9.6v10H11v4H1.4V5H5zm1.6 1.6V5H11v4.4h2V2.6zM3 6.6v6.8h6.4V6.6z" />
      </symbol>
      <symbol id="i-cross" viewBox="0 0 16 16">
        <path d="M3.4 2.2 8 6.8l4.6-4.6 1.2 1.2L9.2 8l4.6 4.6-1.2 1.2L8 9.2l-4.6 4.6-1.2-1.2L6.8 8 2.2 3.4z" />
      </symbol>
      <symbol id="i-down" viewBox="0 0 16 16">
        <path d="M8 13.4 3 7h4V2.6h2V7h4z" />
      </symbol>
      <symbol id="i-early" viewBox="0 0 16 16">
        <path d="M7.1 1h1.8v2.6H7.1zM1.6 4.1l1.3-1.3 1.8 1.8-1.2 1.3zm10.9.5 1.8-1.8 1.2 1.3-1.8 1.8zM8 5.2A4.8 4.8 0 0 1 12.8 10H3.2A4.8 4.8 0 0 1 8 5.2zM.8 11.6h14.4v1.8H.8z" />
      </symbol>
      <symbol id="i-filter" viewBox="0 0 16 16">
        <path d="M1 2.5h14v1.8H1zm2.5 4.6h9v1.8h-9zM6 11.7h4v1.8H6z" />
      </symbol>
      <symbol id="i-leave" viewBox="0 0 16 16">
        <path d="M2 1.5h7v1.8H3.8v9.4H9v1.8H2zm8.2 2.7L14 8l-3.8 3.8L9 10.6l1.7-1.7H5.6V7.1h5.1L9 5.4z" />
      </symbol>
      <symbol id="i-limit-reached" viewBox="0 0 16 16">
        <path d="M1.5 7.1h6.6L5.6 4.6 6.9 3.3 11.6 8l-4.7 4.7-1.3-1.3 2.5-2.5H1.5zM12.4 2.5h2v11h-2z" />
      </symbol>
      <symbol id="i-limit-unknown" viewBox="0 0 16 16">
        <path d="M5 5.6a3 3 0 1 1 4.4 2.7c-.3.2-.5.4-.5.9v.6H7.1v-.8c0-1.1.6-1.8 1.4-2.3a1.2 1.2 0 1 0-1.7-1.1zM7.1 11h1.8v1.9H7.1z" />
      </symbol>
      <symbol id="i-live" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="4" />
        <path d="M8 .8A7.2 7.2 0 1 1 8 15.2 7.2 7.2 0 0 1 8 .8zm0 1.5a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3z" />
      </symbol>
      <symbol id="i-lost" viewBox="0 0 16 16">
        <g fill="none" stroke="currentColor" strokeWidth="2">
          <circle cx="8" cy="8" r="6.2" />
          <path d="m3.8 12.2 8.4-8.4" />
        </g>
      </symbol>
      <symbol id="i-more" viewBox="0 0 16 16">
        <path d="M1.5 6.5h3v3h-3zm5 0h3v3h-3zm5 0h3v3h-3z" />
      </symbol>
      <symbol id="i-no-limit" viewBox="0 0 16 16">
        <path d="M1 7.1h9.6L8.1 4.6l1.3-1.3L14.1 8l-4.7 4.7-1.3-1.3 2.5-2.5H1z" />
      </symbol>
      <symbol id="i-offline" viewBox="0 0 16 16">
        <path d="M2.2 1 15 13.8 13.8 15 10 11.2a3 3 0 0 0-3.6.4L5.1 10.3a4.8 4.8 0 0 1 2.5-1.4L5.7 7a7 7 0 0 0-2.5 1.6L1.9 7.3a9 9 0 0 1 2.4-1.7L1 2.2zM8 3.6c2.4 0 4.5 1 6.1 2.7l-1.3 1.3A6.7 6.7 0 0 0 8.6 5.4L7 3.7zM6.9 13.1h2.2V15H6.9z" />
      </symbol>
      <symbol id="i-on-target" viewBox="0 0 16 16">
        <path d="m6.6 12.4-4-4 1.3-1.3 2.7 2.7 5.7-5.9 1.3 1.2z" />
      </symbol>
      <symbol id="i-person" viewBox="0 0 16 16">
        <path d="M8 1.2a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8zM1.8 14.6C1.8 11.4 4.4 9.2 8 9.2s6.2 2.2 6.2 5.4z" />
      </symbol>
      <symbol id="i-search" viewBox="0 0 16 16">
        <path
          fillRule="evenodd"
          d="M6.8 1a5.8 5.8 0 0 1 4.6 9.3l3.6 3.6-1.2 1.2-3.6-3.6A5.8 5.8 0 1 1 6.8 1zm0 1.7a4.1 4.1 0 1 0 0 8.2 4.1 4.1 0 0 0 0-8.2z"
        />
      </symbol>
      <symbol id="i-share" viewBox="0 0 16 16">
        <path d="M8 .9 12.2 5 11 6.2 8.9 4.1V10H7.1V4.1L5 6.2 3.8 5zM2 8h1.8v5.2h8.4V8H14v7H2z" />
      </symbol>
      <symbol id="i-sim" viewBox="0 0 16 16">
        <path
          fillRule="evenodd"
          d="M5.2 1h5.6v1.7H10V6l4 7.2-.9 1.8H2.9L2 13.2 6 6V2.7h-.8zM7 2.7v3.8L5.3 9.6h5.4L9 6.5V2.7z"
        />
      </symbol>
      <symbol id="i-stale" viewBox="0 0 16 16">
        <g fill="none" stroke="currentColor" strokeWidth="1.8">
          <circle cx="8" cy="8" r="6.4" />
          <path d="M8 4.4V8l2.6 1.8" />
        </g>
      </symbol>
      <symbol id="i-stopped" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M8 .4 15.6 8 8 15.6.4 8zM5.3 5.2v5.6h1.9V5.2zm3.5 0v5.6h1.9V5.2z" />
      </symbol>
      <symbol id="i-suspended" viewBox="0 0 16 16">
        <path
          fillRule="evenodd"
          d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5zm.1 5.5L6.8 8 5.1 9.7l1.2 1.2L8 9.2l1.7 1.7 1.2-1.2L9.2 8l1.7-1.7-1.2-1.2L8 6.8 6.3 5.1z"
        />
      </symbol>
      <symbol id="i-table" viewBox="0 0 16 16">
        <path d="M1 2h14v2.4H1zm0 3.9h14v2.2H1zm0 3.7h14v2.2H1zm0 3.6h14V15H1z" />
      </symbol>
      <symbol id="i-theme" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.7v10.6A5.3 5.3 0 0 0 8 2.7z" />
      </symbol>
      <symbol id="i-under" viewBox="0 0 16 16">
        <path d="M2 3.4 3.3 2 8 6.7 12.7 2 14 3.4l-6 6zm0 5L3.3 7 8 11.7 12.7 7 14 8.4l-6 6z" />
      </symbol>
      <symbol id="i-unknown" viewBox="0 0 16 16">
        <g fill="none" stroke="currentColor" strokeWidth="1.8">
          <circle cx="8" cy="8" r="6.6" strokeDasharray="3 2.2" />
          <path d="M6 6.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.2" />
        </g>
        <path d="M7.1 10.6h1.8v1.6H7.1z" />
      </symbol>
      <symbol id="i-up" viewBox="0 0 16 16">
        <path d="M8 2.6 13 9H9v4.4H7V9H3z" />
      </symbol>
      <symbol id="i-warning" viewBox="0 0 16 16">
        <path fillRule="evenodd" d="M8 1.2 15.4 14.6H.6zM7.1 5.8v4.6h1.8V5.8zm0 5.7v1.7h1.8v-1.7z" />
      </symbol>
    </svg>
  );
}

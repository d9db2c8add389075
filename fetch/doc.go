// Package fetch gets pages and feeds from the web, politely, from servers that
// are not trusted. It follows no links and reads no pages: one URL in, one
// [Page] or one typed [Error] out.
//
// # What a site is promised
//
//   - Its robots.txt is asked first and kept for an hour; what it forbids to
//     "Sanad", or to all, is not fetched. A robots.txt that is missing (4xx)
//     forbids nothing; one that cannot be had (5xx, cut off, too slow) means
//     "not now".
//   - One request at a time to a host name, and a pause of two seconds, or of
//     the Crawl-delay (at most 30 s), between the end of one and the start of
//     the next. robots.txt and each hop of a redirect count as requests.
//   - What has not changed is not sent again (If-None-Match,
//     If-Modified-Since). "429 Too Many Requests" and "503 … Retry-After" are
//     obeyed: until that time nothing is asked of the host.
//   - The program says who it is and whom to write to, sends no cookie, no
//     Referer and no password, and never tries to look like a browser.
//
// # What the user is promised
//
//   - Nothing of the user's own network is reached: addresses that are not of
//     the public internet are refused when the connection is made, that is,
//     after the name was looked up, for each hop and for robots.txt as well.
//     Since the check sees the address that is dialled, a name that changes its
//     address between two lookups gains nothing. A redirect from a public
//     address to a private one is refused even where private ones are allowed.
//   - Whatever a server sends, a call ends: the connection, the header, the
//     body as sent, the body as decoded, how much larger the second is than the
//     third, the silence between two bytes, the whole time and the number of
//     redirects are all limited, each by a field of [Options]. Memory is bounded
//     by Parallel × MaxBody and a little for hosts.
//   - A body that is cut off, or is not what its header says, is an error and
//     never half a page.
//   - Every failure is an [Error] whose Kind a program can tell and whose text
//     says what a person can do.
//
// A hop, worked through: Get("http://khabar.example/1") takes the turn of
// khabar.example, asks /robots.txt, waits two seconds, asks /1, and reads "301
// Moved Permanently" to https://www.khabar.example/1. It gives the turn back,
// takes that of www.khabar.example and does the same there. Page.URL is the
// second address, Page.Chain has the first with its status.
//
// # What is not promised
//
// Two host names on one machine count as two hosts. Networks in which the
// public internet is reached through NAT64 (64:ff9b::/96) alone need AllowPrivate.
// With a proxy the addresses are the proxy's affair, which is why none is
// used unless [Options] names it: variables of the environment that another
// program needed must not switch the guard off.
package fetch

package fetch

import "net/netip"

// special are the addresses that are not of the public internet, from the IANA
// registries of special-purpose addresses for IPv4 and IPv6 (as of 2025) and of
// multicast addresses. Public ones that only carry others inside them (6to4,
// Teredo, NAT64) are here too: what lies inside might be private.
var special = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "of this host"},
	{netip.MustParsePrefix("10.0.0.0/8"), "of a private network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "of a carrier's own network (CGNAT)"},
	{netip.MustParsePrefix("127.0.0.0/8"), "of this machine"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "of a private network"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "of a 6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "of a private network"},
	{netip.MustParsePrefix("198.18.0.0/15"), "for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},

	{netip.MustParsePrefix("::/128"), "unspecified"},
	{netip.MustParsePrefix("::1/128"), "of this machine"},
	{netip.MustParsePrefix("::/96"), "IPv4 inside IPv6"},
	{netip.MustParsePrefix("::ffff:0:0/96"), "IPv4 inside IPv6"},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "IPv4 inside IPv6"},
	{netip.MustParsePrefix("64:ff9b::/96"), "translated to IPv4 (NAT64)"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "translated to IPv4 (NAT64)"},
	{netip.MustParsePrefix("100::/64"), "discarded"},
	{netip.MustParsePrefix("2001::/32"), "IPv4 inside IPv6 (Teredo)"},
	{netip.MustParsePrefix("2001:2::/48"), "for benchmarks"},
	{netip.MustParsePrefix("2001::/23"), "reserved for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "for documentation"},
	{netip.MustParsePrefix("2002::/16"), "IPv4 inside IPv6 (6to4)"},
	{netip.MustParsePrefix("3fff::/20"), "for documentation"},
	{netip.MustParsePrefix("fc00::/7"), "of a private network"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "of a private network"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

// unicast is what of IPv6 has been given out for the public internet.
var unicast = netip.MustParsePrefix("2000::/3")

// notPublic says what an address is that does not belong to the public
// internet: "of this machine", "link-local"; "" for one that does.
func notPublic(a netip.Addr) string {
	if !a.IsValid() {
		return "no address"
	}
	if a.Zone() != "" {
		return "of one network only (it has a zone)"
	}
	for _, s := range special {
		if s.prefix.Contains(a) {
			return s.what
		}
	}
	if a.Is6() && !unicast.Contains(a) {
		return "reserved"
	}
	return ""
}

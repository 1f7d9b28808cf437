package text

import "unicode"

// blank are characters that nothing is drawn for, although Unicode counts them
// among letters and symbols, and those that stand for something that is not there.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}, {Lo: 0xfff9, Hi: 0xfffc, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x1d159, Hi: 0x1d159, Stride: 1}},
}

// hidden reports a character that cannot be seen by itself: controls, fillers,
// joiners, selectors, characters of private use. Spaces are not among them.
func hidden(c rune) bool {
	if unicode.Is(unicode.Prepended_Concatenation_Mark, c) { // a sign that is drawn below digits
		return false
	}
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point, blank)
}

const (
	zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	blackFlag                           = '\U0001f3f4'
	firstTag, lastTag                   = '\U000e0020', '\U000e007f'
)

// joining are the scripts in which a joiner changes how letters are drawn.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Mandaic,
	unicode.Bengali, unicode.Devanagari, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam, unicode.Oriya,
	unicode.Sinhala, unicode.Tamil, unicode.Telugu,
}

// joins reports whether a hidden character belongs to the one before it.
func joins(before, c rune) bool {
	switch {
	case c == zeroWidthNonJoiner:
		return unicode.In(before, joining...)
	case c == zeroWidthJoiner:
		return unicode.In(before, joining...) || emoji(before)
	case unicode.Is(unicode.Variation_Selector, c):
		return unicode.In(before, unicode.So, unicode.Sm, unicode.Po, unicode.Nd, unicode.Han)
	case c >= firstTag && c <= lastTag:
		return before == blackFlag || (before >= firstTag && before < lastTag)
	}
	return false
}

// emoji reports what a joiner may follow in an emoji: a symbol, a colour of skin
// or a selector.
func emoji(c rune) bool {
	return unicode.In(c, unicode.So, unicode.Variation_Selector) || (c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0x2640 && c <= 0x2642)
}

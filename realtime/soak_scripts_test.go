package realtime_test

// Commands by their place in soakCommands, and messages by that in soakMessages.
const (
	callAdd, callWait, callPanic, callClose = 15, 16, 17, 18
	publishText                             = 27
	messageEcho, messageWait, messagePanic  = 4, 5, 6
)

// soakScripts is the corpus: what has ended the process once, and what others like
// it send. Names begin with their ids in the list of hostile inputs.
func soakScripts() map[string]string {
	script := func(modes byte, steps ...byte) string { return string(append([]byte{modes}, steps...)) }
	binary, invalid := []byte{soakFrame, fin | 0x2, 1, 'x'}, []byte{soakFrame, fin | text, 2, 0xff, 0xfe}
	with := func(steps []byte, more ...byte) []byte { return append(append([]byte{}, steps...), more...) }
	batch := []byte{soakLogin, 0, soakBatch, 2}
	held := []byte{soakLogin, 0, soakCommand, callWait, soakBatch, 2}
	return map[string]string{
		"H301_a_batch_then_binary":              script(0, with(batch, binary...)...),
		"H301_a_batch_then_invalid_UTF-8":       script(0, with(batch, invalid...)...),
		"H301_a_batch_then_text_on_protobuf":    script(soakProtobuf, with(batch, soakFrame, fin|text, 1, 'x')...),
		"H301_without_a_login":                  script(0, with([]byte{soakCommand, callAdd, soakBatch, 2}, binary...)...),
		"H301_by_first_message":                 script(soakPending, with(batch, invalid...)...),
		"H301_by_first_message_without_a_login": script(soakPending|soakProtobuf, with([]byte{soakCommand, callAdd, soakBatch, 2}, invalid...)...),
		"H301_many_calls_of_60_kB":              script(0, soakLogin, 0, soakBig, 60, soakRepeat, 12, soakBatch, 2),
		"H302_a_sign-out_while_a_batch_waits":   script(0, with(held, soakServer, 0, soakRelease, 0)...),
		"H302_a_revocation_while_a_batch_waits": script(soakProtobuf, with(held, soakServer, 6, soakRelease, 0)...),
		"H302_a_shutdown_while_a_batch_waits":   script(soakStays, held...),
		"H302_the_peer_goes_while_one_waits":    script(0, with(held, soakHangUp, 2)...),
		"H306_first_message_and_FIN":            script(soakPending, soakLogin, 0, soakHangUp, 1, soakAnother, 0, soakLogin, 0),
		"H306_gone_while_it_is_verified":        script(soakPending|soakSlow, soakLogin, 0, soakHangUp, 2, soakAnother, 0, soakLogin, 0, soakHangUp, 0),
		"H306_gone_while_it_is_verified_plain":  script(soakPlain|soakPending|soakSlow, soakLogin, 0, soakHangUp, 2, soakAnother, 0, soakLogin, 0, soakHangUp, 0),
		"H308_a_shutdown_while_it_is_verified":  script(soakPending|soakSlow|soakStays, soakLogin, 0, soakAnother, 0, soakLogin, 0),
		"H304_a_client_publishes_no_JSON":       script(soakProtobuf, soakLogin, 0, soakCommand, publishText),
		"H304_the_server_publishes_no_JSON":     script(0, soakLogin, 0, soakServer, 7),
		"H148_a_flood_of_pings":                 script(0, soakLogin, 0, soakFrame, fin|ping, 1, 'x', soakRepeat, 255),
		"H136_unmasked":                         script(0, soakLogin, 0, soakBytes, 4, fin|text, 2, '{', '}', soakBatch, 2),
		"H137_reserved_bits":                    script(0, soakLogin, 0, soakFrame, fin|0x70|text, 2, '{', '}'),
		"H138_unknown_opcode":                   script(soakProtobuf, soakLogin, 0, soakFrame, fin|3, 0),
		"H139_a_fragmented_ping":                script(0, soakFrame, ping, 1, 'x'),
		"H140_a_continuation_without_a_start":   script(soakPlain, soakFrame, fin, 1, 'x'),
		"H141_a_length_without_end":             script(0, soakBytes, 14, fin|text, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
		"H142_over_the_limit":                   script(0, soakLogin, 0, soakBatch, 3, soakBig, 70),
		"H145_a_close_code":                     script(0, soakLogin, 0, soakBatch, 3, soakClose, 0x0b, 0xb8, soakBatch, 3),
		"H152_a_close_code_that_no_one_sends":   script(soakDeaf, soakLogin, 0, soakClose, 0x03, 0xed, soakBatch, 3),
		"H155_no_method":                        script(0, soakLogin, 0, soakCommand, 24, soakCommand, 25, soakCommand, 26),
		"H158_nothing_but_zeros":                script(soakProtobuf, soakLogin, 0, soakFrame, fin|0x2, 8, 0, 0, 0, 0, 0, 0, 0, 0),
		"H160_deep":                             script(0, soakLogin, 0, soakCommand, 19),
		"H161_a_huge_length":                    script(soakProtobuf, soakLogin, 0, soakFrame, fin|0x2, 10, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"H161_a_command_with_a_wrong_byte":      script(soakProtobuf, soakLogin, 0, soakBroken, 1, 3, 0x80, soakBatch, 20),
		"H162_names":                            script(0, soakLogin, 0, soakCommand, 4, soakCommand, 6, soakCommand, 5),
		"H167_twice_and_not_at_all":             script(soakProtobuf, soakLogin, 0, soakCommand, 1, soakCommand, 1, soakCommand, 8, soakCommand, 8),
		"H168_wild_offsets":                     script(0, soakLogin, 0, soakCommand, 2, soakCommand, 13, soakCommand, 14),
		"H170_a_panic":                          script(0, soakLogin, 0, soakBatch, 3, soakCommand, callPanic, soakBatch, 3),
		"H170_a_panic_of_the_plain_handler":     script(soakPlain, soakCommand, messageEcho, soakCommand, messagePanic, soakCommand, messageEcho),
		"H173_a_deaf_peer":                      script(soakDeaf, soakLogin, 0, soakCommand, 1, soakCommand, 9, soakRepeat, 255, soakServer, 2, soakServer, 0),
		"H314_a_filter":                         script(soakProtobuf, soakLogin, 0, soakCommand, 7),
		"the_whole_grammar":                     script(0, soakLogin, 0, soakBatch, 28),
		"the_whole_grammar_protobuf":            script(soakProtobuf, soakLogin, 0, soakBatch, 28),
		"a_close_in_a_batch":                    script(0, soakLogin, 0, soakBatch, 2, soakCommand, callClose, soakBatch, 5),
		"server_and_client_at_once":             script(soakStays, soakLogin, 0, soakServer, 4, soakBatch, 20, soakServer, 5, soakServer, 1, soakAnother, 0, soakLogin, 0, soakServer, 0),
		"plain_a_sign-out_behind_a_call":        script(soakPlain, soakCommand, messageWait, soakCommand, messageEcho, soakRepeat, 30, soakServer, 0, soakRelease, 0),
		"plain_by_first_message_and_FIN":        script(soakPlain|soakPending, soakLogin, 0, soakHangUp, 1),
		"plain_first_messages":                  script(soakPlain|soakPending|soakStays, soakCommand, 1, soakAnother, 0, soakCommand, 2, soakAnother, 0, soakCommand, 13),
	}
}

"""What the exchange calls a payment method."""


def methods_of(query):
    return query("SELECT method_code, method_name FROM dim_payment_methods ORDER BY 1")


def test_a_name_that_one_ad_lacks_is_taken_from_another(load, make_batch, at, ad, query):
    nameless = ad("1", payment_method_ids=["BANK"], payment_method_names=[None])
    named = ad("2", payment_method_ids=["BANK"], payment_method_names=["Bank Transfer"])
    load(make_batch(at(0), [nameless, named]))
    assert methods_of(query) == [("BANK", "Bank Transfer")]


def test_a_method_without_a_name_is_called_by_its_code(load, make_batch, at, ad, query):
    load(make_batch(at(0), [ad("1", payment_method_ids=["BANK"], payment_method_names=[None])]))
    assert methods_of(query) == [("BANK", "BANK")]


def test_a_name_that_comes_later_is_taken_over(load, make_batch, at, ad, query):
    for minute, name in ((0, None), (10, "Bank Transfer")):
        named = ad("1", payment_method_ids=["BANK"], payment_method_names=[name])
        load(make_batch(at(minute), [named]))
    assert methods_of(query) == [("BANK", "Bank Transfer")]

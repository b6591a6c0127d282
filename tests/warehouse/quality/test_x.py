def test_it(make_batch, at, ad, sweep, refusal, load, query):
    b = make_batch(at(0), [ad("1"), ad("2", rank=None), ad("3", "BTC/VES BUY")], [sweep("BTC/BOB BUY", "failed")], [refusal("9")])
    print(load(b))
    print(b.record)
    print(query("select * from warehouse.live"))
    print(query("show search_path"))
    print(query("select * from sweeps"))
    print(load(make_batch(at(10), [ad("1", price=59.0), ad("2", rank=None)])))

def test_it2(make_batch, at, ad, sweep, refusal, load, query):
    print(load(make_batch(at(10), [ad("1"), ad("2", rank=None), ad("3", "BTC/VES BUY")], [sweep("BTC/BOB BUY", "failed")], [refusal("9")])))

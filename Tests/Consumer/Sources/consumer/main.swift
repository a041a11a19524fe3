import Varve

print(RingSupport.probe())

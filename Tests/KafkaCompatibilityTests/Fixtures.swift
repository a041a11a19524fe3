import Testing
import Varve

"""Cases, their checks, reading and writing of images, preparation, signed distances."""

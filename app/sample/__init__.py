"""The bundled sample: fictional companies, their sites as files, and labels of what is on them."""

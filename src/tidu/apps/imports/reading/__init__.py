"""Understanding files of any shape without knowing the registry: sheets, header rows, columns, periods, values. No framework."""
